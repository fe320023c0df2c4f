module controlplane

go 1.25.0

require github.com/DataDog/datadog-operator v1.30.0
