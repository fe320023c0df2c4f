// Generated from the protocol buffer descriptions of Kubernetes (Apache-2.0) by generate.ts; do not edit.
/** Fields of each message as `number name type`; `*` marks repeated ones, `map` string maps. */
export const messageTexts: Readonly<Record<string, string>> = {
  'io.k8s.api.admissionregistration.v1.AuditAnnotation': '1 key string;2 valueExpression string',
  'io.k8s.api.admissionregistration.v1.ExpressionWarning': '2 fieldRef string;3 warning string',
  'io.k8s.api.admissionregistration.v1.MatchCondition': '1 name string;2 expression string',
  'io.k8s.api.admissionregistration.v1.MatchResources':
    '1 namespaceSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;2 objectSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;3 resourceRules *io.k8s.api.admissionregistration.v1.NamedRuleWithOperations;4 excludeResourceRules *io.k8s.api.admissionregistration.v1.NamedRuleWithOperations;7 matchPolicy string',
  'io.k8s.api.admissionregistration.v1.MutatingWebhook':
    '1 name string;2 clientConfig io.k8s.api.admissionregistration.v1.WebhookClientConfig;3 rules *io.k8s.api.admissionregistration.v1.RuleWithOperations;4 failurePolicy string;9 matchPolicy string;5 namespaceSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;11 objectSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;6 sideEffects string;7 timeoutSeconds int32;8 admissionReviewVersions *string;10 reinvocationPolicy string;12 matchConditions *io.k8s.api.admissionregistration.v1.MatchCondition',
  'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 Webhooks *io.k8s.api.admissionregistration.v1.MutatingWebhook',
  'io.k8s.api.admissionregistration.v1.NamedRuleWithOperations':
    '1 resourceNames *string;2 ruleWithOperations io.k8s.api.admissionregistration.v1.RuleWithOperations',
  'io.k8s.api.admissionregistration.v1.ParamKind': '1 apiVersion string;2 kind string',
  'io.k8s.api.admissionregistration.v1.ParamRef':
    '1 name string;2 namespace string;3 selector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;4 parameterNotFoundAction string',
  'io.k8s.api.admissionregistration.v1.Rule':
    '1 apiGroups *string;2 apiVersions *string;3 resources *string;4 scope string',
  'io.k8s.api.admissionregistration.v1.RuleWithOperations':
    '1 operations *string;2 rule io.k8s.api.admissionregistration.v1.Rule',
  'io.k8s.api.admissionregistration.v1.ServiceReference': '1 namespace string;2 name string;3 path string;4 port int32',
  'io.k8s.api.admissionregistration.v1.TypeChecking':
    '1 expressionWarnings *io.k8s.api.admissionregistration.v1.ExpressionWarning',
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec;3 status io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus',
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec',
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec':
    '1 policyName string;2 paramRef io.k8s.api.admissionregistration.v1.ParamRef;3 matchResources io.k8s.api.admissionregistration.v1.MatchResources;4 validationActions *string',
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec':
    '1 paramKind io.k8s.api.admissionregistration.v1.ParamKind;2 matchConstraints io.k8s.api.admissionregistration.v1.MatchResources;3 validations *io.k8s.api.admissionregistration.v1.Validation;4 failurePolicy string;5 auditAnnotations *io.k8s.api.admissionregistration.v1.AuditAnnotation;6 matchConditions *io.k8s.api.admissionregistration.v1.MatchCondition;7 variables *io.k8s.api.admissionregistration.v1.Variable',
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus':
    '1 observedGeneration int64;2 typeChecking io.k8s.api.admissionregistration.v1.TypeChecking;3 conditions *io.k8s.apimachinery.pkg.apis.meta.v1.Condition',
  'io.k8s.api.admissionregistration.v1.ValidatingWebhook':
    '1 name string;2 clientConfig io.k8s.api.admissionregistration.v1.WebhookClientConfig;3 rules *io.k8s.api.admissionregistration.v1.RuleWithOperations;4 failurePolicy string;9 matchPolicy string;5 namespaceSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;10 objectSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;6 sideEffects string;7 timeoutSeconds int32;8 admissionReviewVersions *string;11 matchConditions *io.k8s.api.admissionregistration.v1.MatchCondition',
  'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 Webhooks *io.k8s.api.admissionregistration.v1.ValidatingWebhook',
  'io.k8s.api.admissionregistration.v1.Validation':
    '1 Expression string;2 message string;3 reason string;4 messageExpression string',
  'io.k8s.api.admissionregistration.v1.Variable': '1 Name string;2 Expression string',
  'io.k8s.api.admissionregistration.v1.WebhookClientConfig':
    '3 url string;1 service io.k8s.api.admissionregistration.v1.ServiceReference;2 caBundle bytes',
  'io.k8s.api.apps.v1.ControllerRevision':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 data io.k8s.apimachinery.pkg.runtime.RawExtension;3 revision int64',
  'io.k8s.api.apps.v1.DaemonSet':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.apps.v1.DaemonSetSpec;3 status io.k8s.api.apps.v1.DaemonSetStatus',
  'io.k8s.api.apps.v1.DaemonSetCondition':
    '1 type string;2 status string;3 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 reason string;5 message string',
  'io.k8s.api.apps.v1.DaemonSetSpec':
    '1 selector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;2 template io.k8s.api.core.v1.PodTemplateSpec;3 updateStrategy io.k8s.api.apps.v1.DaemonSetUpdateStrategy;4 minReadySeconds int32;6 revisionHistoryLimit int32',
  'io.k8s.api.apps.v1.DaemonSetStatus':
    '1 currentNumberScheduled int32;2 numberMisscheduled int32;3 desiredNumberScheduled int32;4 numberReady int32;5 observedGeneration int64;6 updatedNumberScheduled int32;7 numberAvailable int32;8 numberUnavailable int32;9 collisionCount int32;10 conditions *io.k8s.api.apps.v1.DaemonSetCondition',
  'io.k8s.api.apps.v1.DaemonSetUpdateStrategy':
    '1 type string;2 rollingUpdate io.k8s.api.apps.v1.RollingUpdateDaemonSet',
  'io.k8s.api.apps.v1.Deployment':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.apps.v1.DeploymentSpec;3 status io.k8s.api.apps.v1.DeploymentStatus',
  'io.k8s.api.apps.v1.DeploymentCondition':
    '1 type string;2 status string;6 lastUpdateTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;7 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 reason string;5 message string',
  'io.k8s.api.apps.v1.DeploymentSpec':
    '1 replicas int32;2 selector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;3 template io.k8s.api.core.v1.PodTemplateSpec;4 strategy io.k8s.api.apps.v1.DeploymentStrategy;5 minReadySeconds int32;6 revisionHistoryLimit int32;7 paused bool;9 progressDeadlineSeconds int32',
  'io.k8s.api.apps.v1.DeploymentStatus':
    '1 observedGeneration int64;2 replicas int32;3 updatedReplicas int32;7 readyReplicas int32;4 availableReplicas int32;5 unavailableReplicas int32;9 terminatingReplicas int32;6 conditions *io.k8s.api.apps.v1.DeploymentCondition;8 collisionCount int32',
  'io.k8s.api.apps.v1.DeploymentStrategy': '1 type string;2 rollingUpdate io.k8s.api.apps.v1.RollingUpdateDeployment',
  'io.k8s.api.apps.v1.ReplicaSet':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.apps.v1.ReplicaSetSpec;3 status io.k8s.api.apps.v1.ReplicaSetStatus',
  'io.k8s.api.apps.v1.ReplicaSetCondition':
    '1 type string;2 status string;3 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 reason string;5 message string',
  'io.k8s.api.apps.v1.ReplicaSetSpec':
    '1 replicas int32;4 minReadySeconds int32;2 selector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;3 template io.k8s.api.core.v1.PodTemplateSpec',
  'io.k8s.api.apps.v1.ReplicaSetStatus':
    '1 replicas int32;2 fullyLabeledReplicas int32;4 readyReplicas int32;5 availableReplicas int32;7 terminatingReplicas int32;3 observedGeneration int64;6 conditions *io.k8s.api.apps.v1.ReplicaSetCondition',
  'io.k8s.api.apps.v1.RollingUpdateDaemonSet':
    '1 maxUnavailable io.k8s.apimachinery.pkg.util.intstr.IntOrString;2 maxSurge io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  'io.k8s.api.apps.v1.RollingUpdateDeployment':
    '1 maxUnavailable io.k8s.apimachinery.pkg.util.intstr.IntOrString;2 maxSurge io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  'io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy':
    '1 partition int32;2 maxUnavailable io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  'io.k8s.api.apps.v1.StatefulSet':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.apps.v1.StatefulSetSpec;3 status io.k8s.api.apps.v1.StatefulSetStatus',
  'io.k8s.api.apps.v1.StatefulSetCondition':
    '1 type string;2 status string;3 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 reason string;5 message string',
  'io.k8s.api.apps.v1.StatefulSetOrdinals': '1 start int32',
  'io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy': '1 whenDeleted string;2 whenScaled string',
  'io.k8s.api.apps.v1.StatefulSetSpec':
    '1 replicas int32;2 selector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;3 template io.k8s.api.core.v1.PodTemplateSpec;4 volumeClaimTemplates *io.k8s.api.core.v1.PersistentVolumeClaim;5 serviceName string;6 podManagementPolicy string;7 updateStrategy io.k8s.api.apps.v1.StatefulSetUpdateStrategy;8 revisionHistoryLimit int32;9 minReadySeconds int32;10 persistentVolumeClaimRetentionPolicy io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy;11 ordinals io.k8s.api.apps.v1.StatefulSetOrdinals',
  'io.k8s.api.apps.v1.StatefulSetStatus':
    '1 observedGeneration int64;2 replicas int32;3 readyReplicas int32;4 currentReplicas int32;5 updatedReplicas int32;6 currentRevision string;7 updateRevision string;9 collisionCount int32;10 conditions *io.k8s.api.apps.v1.StatefulSetCondition;11 availableReplicas int32',
  'io.k8s.api.apps.v1.StatefulSetUpdateStrategy':
    '1 type string;2 rollingUpdate io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy',
  'io.k8s.api.authentication.v1.ExtraValue': '1 items *string',
  'io.k8s.api.authentication.v1.SelfSubjectReview':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 status io.k8s.api.authentication.v1.SelfSubjectReviewStatus',
  'io.k8s.api.authentication.v1.SelfSubjectReviewStatus': '1 userInfo io.k8s.api.authentication.v1.UserInfo',
  'io.k8s.api.authentication.v1.TokenReview':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.authentication.v1.TokenReviewSpec;3 status io.k8s.api.authentication.v1.TokenReviewStatus',
  'io.k8s.api.authentication.v1.TokenReviewSpec': '1 token string;2 audiences *string',
  'io.k8s.api.authentication.v1.TokenReviewStatus':
    '1 authenticated bool;2 user io.k8s.api.authentication.v1.UserInfo;4 audiences *string;3 error string',
  'io.k8s.api.authentication.v1.UserInfo':
    '1 username string;2 uid string;3 groups *string;4 extra map io.k8s.api.authentication.v1.ExtraValue',
  'io.k8s.api.authorization.v1.ExtraValue': '1 items *string',
  'io.k8s.api.authorization.v1.FieldSelectorAttributes':
    '1 rawSelector string;2 requirements *io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement',
  'io.k8s.api.authorization.v1.LabelSelectorAttributes':
    '1 rawSelector string;2 requirements *io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement',
  'io.k8s.api.authorization.v1.LocalSubjectAccessReview':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.authorization.v1.SubjectAccessReviewSpec;3 status io.k8s.api.authorization.v1.SubjectAccessReviewStatus',
  'io.k8s.api.authorization.v1.NonResourceAttributes': '1 path string;2 verb string',
  'io.k8s.api.authorization.v1.NonResourceRule': '1 verbs *string;2 nonResourceURLs *string',
  'io.k8s.api.authorization.v1.ResourceAttributes':
    '1 namespace string;2 verb string;3 group string;4 version string;5 resource string;6 subresource string;7 name string;8 fieldSelector io.k8s.api.authorization.v1.FieldSelectorAttributes;9 labelSelector io.k8s.api.authorization.v1.LabelSelectorAttributes',
  'io.k8s.api.authorization.v1.ResourceRule':
    '1 verbs *string;2 apiGroups *string;3 resources *string;4 resourceNames *string',
  'io.k8s.api.authorization.v1.SelfSubjectAccessReview':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec;3 status io.k8s.api.authorization.v1.SubjectAccessReviewStatus',
  'io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec':
    '1 resourceAttributes io.k8s.api.authorization.v1.ResourceAttributes;2 nonResourceAttributes io.k8s.api.authorization.v1.NonResourceAttributes',
  'io.k8s.api.authorization.v1.SelfSubjectRulesReview':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec;3 status io.k8s.api.authorization.v1.SubjectRulesReviewStatus',
  'io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec': '1 namespace string',
  'io.k8s.api.authorization.v1.SubjectAccessReview':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.authorization.v1.SubjectAccessReviewSpec;3 status io.k8s.api.authorization.v1.SubjectAccessReviewStatus',
  'io.k8s.api.authorization.v1.SubjectAccessReviewSpec':
    '1 resourceAttributes io.k8s.api.authorization.v1.ResourceAttributes;2 nonResourceAttributes io.k8s.api.authorization.v1.NonResourceAttributes;3 user string;4 groups *string;5 extra map io.k8s.api.authorization.v1.ExtraValue;6 uid string',
  'io.k8s.api.authorization.v1.SubjectAccessReviewStatus':
    '1 allowed bool;4 denied bool;2 reason string;3 evaluationError string',
  'io.k8s.api.authorization.v1.SubjectRulesReviewStatus':
    '1 resourceRules *io.k8s.api.authorization.v1.ResourceRule;2 nonResourceRules *io.k8s.api.authorization.v1.NonResourceRule;3 incomplete bool;4 evaluationError string',
  'io.k8s.api.autoscaling.v1.CrossVersionObjectReference': '1 kind string;2 name string;3 apiVersion string',
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec;3 status io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus',
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec':
    '1 scaleTargetRef io.k8s.api.autoscaling.v1.CrossVersionObjectReference;2 minReplicas int32;3 maxReplicas int32;4 targetCPUUtilizationPercentage int32',
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus':
    '1 observedGeneration int64;2 lastScaleTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;3 currentReplicas int32;4 desiredReplicas int32;5 currentCPUUtilizationPercentage int32',
  'io.k8s.api.autoscaling.v1.Scale':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.autoscaling.v1.ScaleSpec;3 status io.k8s.api.autoscaling.v1.ScaleStatus',
  'io.k8s.api.autoscaling.v1.ScaleSpec': '1 replicas int32',
  'io.k8s.api.autoscaling.v1.ScaleStatus': '1 replicas int32;2 selector string',
  'io.k8s.api.autoscaling.v2.ContainerResourceMetricSource':
    '1 name string;2 target io.k8s.api.autoscaling.v2.MetricTarget;3 container string',
  'io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus':
    '1 name string;2 current io.k8s.api.autoscaling.v2.MetricValueStatus;3 container string',
  'io.k8s.api.autoscaling.v2.CrossVersionObjectReference': '1 kind string;2 name string;3 apiVersion string',
  'io.k8s.api.autoscaling.v2.ExternalMetricSource':
    '1 metric io.k8s.api.autoscaling.v2.MetricIdentifier;2 target io.k8s.api.autoscaling.v2.MetricTarget',
  'io.k8s.api.autoscaling.v2.ExternalMetricStatus':
    '1 metric io.k8s.api.autoscaling.v2.MetricIdentifier;2 current io.k8s.api.autoscaling.v2.MetricValueStatus',
  'io.k8s.api.autoscaling.v2.HPAScalingPolicy': '1 type string;2 value int32;3 periodSeconds int32',
  'io.k8s.api.autoscaling.v2.HPAScalingRules':
    '3 stabilizationWindowSeconds int32;1 selectPolicy string;2 policies *io.k8s.api.autoscaling.v2.HPAScalingPolicy;4 tolerance io.k8s.apimachinery.pkg.api.resource.Quantity',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec;3 status io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior':
    '1 scaleUp io.k8s.api.autoscaling.v2.HPAScalingRules;2 scaleDown io.k8s.api.autoscaling.v2.HPAScalingRules',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition':
    '1 type string;2 status string;3 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 reason string;5 message string',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec':
    '1 scaleTargetRef io.k8s.api.autoscaling.v2.CrossVersionObjectReference;2 minReplicas int32;3 maxReplicas int32;4 metrics *io.k8s.api.autoscaling.v2.MetricSpec;5 behavior io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus':
    '1 observedGeneration int64;2 lastScaleTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;3 currentReplicas int32;4 desiredReplicas int32;5 currentMetrics *io.k8s.api.autoscaling.v2.MetricStatus;6 conditions *io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition',
  'io.k8s.api.autoscaling.v2.MetricIdentifier':
    '1 name string;2 selector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
  'io.k8s.api.autoscaling.v2.MetricSpec':
    '1 type string;2 object io.k8s.api.autoscaling.v2.ObjectMetricSource;3 pods io.k8s.api.autoscaling.v2.PodsMetricSource;4 resource io.k8s.api.autoscaling.v2.ResourceMetricSource;7 containerResource io.k8s.api.autoscaling.v2.ContainerResourceMetricSource;5 external io.k8s.api.autoscaling.v2.ExternalMetricSource',
  'io.k8s.api.autoscaling.v2.MetricStatus':
    '1 type string;2 object io.k8s.api.autoscaling.v2.ObjectMetricStatus;3 pods io.k8s.api.autoscaling.v2.PodsMetricStatus;4 resource io.k8s.api.autoscaling.v2.ResourceMetricStatus;7 containerResource io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus;5 external io.k8s.api.autoscaling.v2.ExternalMetricStatus',
  'io.k8s.api.autoscaling.v2.MetricTarget':
    '1 type string;2 value io.k8s.apimachinery.pkg.api.resource.Quantity;3 averageValue io.k8s.apimachinery.pkg.api.resource.Quantity;4 averageUtilization int32',
  'io.k8s.api.autoscaling.v2.MetricValueStatus':
    '1 value io.k8s.apimachinery.pkg.api.resource.Quantity;2 averageValue io.k8s.apimachinery.pkg.api.resource.Quantity;3 averageUtilization int32',
  'io.k8s.api.autoscaling.v2.ObjectMetricSource':
    '1 describedObject io.k8s.api.autoscaling.v2.CrossVersionObjectReference;2 target io.k8s.api.autoscaling.v2.MetricTarget;3 metric io.k8s.api.autoscaling.v2.MetricIdentifier',
  'io.k8s.api.autoscaling.v2.ObjectMetricStatus':
    '1 metric io.k8s.api.autoscaling.v2.MetricIdentifier;2 current io.k8s.api.autoscaling.v2.MetricValueStatus;3 describedObject io.k8s.api.autoscaling.v2.CrossVersionObjectReference',
  'io.k8s.api.autoscaling.v2.PodsMetricSource':
    '1 metric io.k8s.api.autoscaling.v2.MetricIdentifier;2 target io.k8s.api.autoscaling.v2.MetricTarget',
  'io.k8s.api.autoscaling.v2.PodsMetricStatus':
    '1 metric io.k8s.api.autoscaling.v2.MetricIdentifier;2 current io.k8s.api.autoscaling.v2.MetricValueStatus',
  'io.k8s.api.autoscaling.v2.ResourceMetricSource': '1 name string;2 target io.k8s.api.autoscaling.v2.MetricTarget',
  'io.k8s.api.autoscaling.v2.ResourceMetricStatus':
    '1 name string;2 current io.k8s.api.autoscaling.v2.MetricValueStatus',
  'io.k8s.api.batch.v1.CronJob':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.batch.v1.CronJobSpec;3 status io.k8s.api.batch.v1.CronJobStatus',
  'io.k8s.api.batch.v1.CronJobSpec':
    '1 schedule string;8 timeZone string;2 startingDeadlineSeconds int64;3 concurrencyPolicy string;4 suspend bool;5 jobTemplate io.k8s.api.batch.v1.JobTemplateSpec;6 successfulJobsHistoryLimit int32;7 failedJobsHistoryLimit int32',
  'io.k8s.api.batch.v1.CronJobStatus':
    '1 active *io.k8s.api.core.v1.ObjectReference;4 lastScheduleTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;5 lastSuccessfulTime io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  'io.k8s.api.batch.v1.Job':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.batch.v1.JobSpec;3 status io.k8s.api.batch.v1.JobStatus',
  'io.k8s.api.batch.v1.JobCondition':
    '1 type string;2 status string;3 lastProbeTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;5 reason string;6 message string',
  'io.k8s.api.batch.v1.JobSpec':
    '1 parallelism int32;2 completions int32;3 activeDeadlineSeconds int64;11 podFailurePolicy io.k8s.api.batch.v1.PodFailurePolicy;16 successPolicy io.k8s.api.batch.v1.SuccessPolicy;7 backoffLimit int32;12 backoffLimitPerIndex int32;13 maxFailedIndexes int32;4 selector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;5 manualSelector bool;6 template io.k8s.api.core.v1.PodTemplateSpec;8 ttlSecondsAfterFinished int32;9 completionMode string;10 suspend bool;14 podReplacementPolicy string;15 managedBy string',
  'io.k8s.api.batch.v1.JobStatus':
    '1 conditions *io.k8s.api.batch.v1.JobCondition;2 startTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;3 completionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 active int32;5 succeeded int32;6 failed int32;11 terminating int32;7 completedIndexes string;10 failedIndexes string;8 uncountedTerminatedPods io.k8s.api.batch.v1.UncountedTerminatedPods;9 ready int32',
  'io.k8s.api.batch.v1.JobTemplateSpec':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.batch.v1.JobSpec',
  'io.k8s.api.batch.v1.PodFailurePolicy': '1 rules *io.k8s.api.batch.v1.PodFailurePolicyRule',
  'io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement':
    '1 containerName string;2 operator string;3 values *int32',
  'io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern': '1 type string;2 status string',
  'io.k8s.api.batch.v1.PodFailurePolicyRule':
    '1 action string;2 onExitCodes io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement;3 onPodConditions *io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern',
  'io.k8s.api.batch.v1.SuccessPolicy': '1 rules *io.k8s.api.batch.v1.SuccessPolicyRule',
  'io.k8s.api.batch.v1.SuccessPolicyRule': '1 succeededIndexes string;2 succeededCount int32',
  'io.k8s.api.batch.v1.UncountedTerminatedPods': '1 succeeded *string;2 failed *string',
  'io.k8s.api.coordination.v1.Lease':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.coordination.v1.LeaseSpec',
  'io.k8s.api.coordination.v1.LeaseSpec':
    '1 holderIdentity string;2 leaseDurationSeconds int32;3 acquireTime io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime;4 renewTime io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime;5 leaseTransitions int32;6 strategy string;7 preferredHolder string',
  'io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource':
    '1 volumeID string;2 fsType string;3 partition int32;4 readOnly bool',
  'io.k8s.api.core.v1.Affinity':
    '1 nodeAffinity io.k8s.api.core.v1.NodeAffinity;2 podAffinity io.k8s.api.core.v1.PodAffinity;3 podAntiAffinity io.k8s.api.core.v1.PodAntiAffinity',
  'io.k8s.api.core.v1.AppArmorProfile': '1 type string;2 localhostProfile string',
  'io.k8s.api.core.v1.AttachedVolume': '1 name string;2 devicePath string',
  'io.k8s.api.core.v1.AzureDiskVolumeSource':
    '1 diskName string;2 diskURI string;3 cachingMode string;4 fsType string;5 readOnly bool;6 kind string',
  'io.k8s.api.core.v1.AzureFilePersistentVolumeSource':
    '1 secretName string;2 shareName string;3 readOnly bool;4 secretNamespace string',
  'io.k8s.api.core.v1.AzureFileVolumeSource': '1 secretName string;2 shareName string;3 readOnly bool',
  'io.k8s.api.core.v1.Binding':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 target io.k8s.api.core.v1.ObjectReference',
  'io.k8s.api.core.v1.CSIPersistentVolumeSource':
    '1 driver string;2 volumeHandle string;3 readOnly bool;4 fsType string;5 volumeAttributes map string;6 controllerPublishSecretRef io.k8s.api.core.v1.SecretReference;7 nodeStageSecretRef io.k8s.api.core.v1.SecretReference;8 nodePublishSecretRef io.k8s.api.core.v1.SecretReference;9 controllerExpandSecretRef io.k8s.api.core.v1.SecretReference;10 nodeExpandSecretRef io.k8s.api.core.v1.SecretReference',
  'io.k8s.api.core.v1.CSIVolumeSource':
    '1 driver string;2 readOnly bool;3 fsType string;4 volumeAttributes map string;5 nodePublishSecretRef io.k8s.api.core.v1.LocalObjectReference',
  'io.k8s.api.core.v1.Capabilities': '1 add *string;2 drop *string',
  'io.k8s.api.core.v1.CephFSPersistentVolumeSource':
    '1 monitors *string;2 path string;3 user string;4 secretFile string;5 secretRef io.k8s.api.core.v1.SecretReference;6 readOnly bool',
  'io.k8s.api.core.v1.CephFSVolumeSource':
    '1 monitors *string;2 path string;3 user string;4 secretFile string;5 secretRef io.k8s.api.core.v1.LocalObjectReference;6 readOnly bool',
  'io.k8s.api.core.v1.CinderPersistentVolumeSource':
    '1 volumeID string;2 fsType string;3 readOnly bool;4 secretRef io.k8s.api.core.v1.SecretReference',
  'io.k8s.api.core.v1.CinderVolumeSource':
    '1 volumeID string;2 fsType string;3 readOnly bool;4 secretRef io.k8s.api.core.v1.LocalObjectReference',
  'io.k8s.api.core.v1.ClientIPConfig': '1 timeoutSeconds int32',
  'io.k8s.api.core.v1.ClusterTrustBundleProjection':
    '1 name string;2 signerName string;3 labelSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;5 optional bool;4 path string',
  'io.k8s.api.core.v1.ComponentCondition': '1 type string;2 status string;3 message string;4 error string',
  'io.k8s.api.core.v1.ComponentStatus':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 conditions *io.k8s.api.core.v1.ComponentCondition',
  'io.k8s.api.core.v1.ConfigMap':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;4 immutable bool;2 data map string;3 binaryData map bytes',
  'io.k8s.api.core.v1.ConfigMapEnvSource':
    '1 localObjectReference io.k8s.api.core.v1.LocalObjectReference;2 optional bool',
  'io.k8s.api.core.v1.ConfigMapKeySelector':
    '1 localObjectReference io.k8s.api.core.v1.LocalObjectReference;2 key string;3 optional bool',
  'io.k8s.api.core.v1.ConfigMapNodeConfigSource':
    '1 namespace string;2 name string;3 uid string;4 resourceVersion string;5 kubeletConfigKey string',
  'io.k8s.api.core.v1.ConfigMapProjection':
    '1 localObjectReference io.k8s.api.core.v1.LocalObjectReference;2 items *io.k8s.api.core.v1.KeyToPath;4 optional bool',
  'io.k8s.api.core.v1.ConfigMapVolumeSource':
    '1 localObjectReference io.k8s.api.core.v1.LocalObjectReference;2 items *io.k8s.api.core.v1.KeyToPath;3 defaultMode int32;4 optional bool',
  'io.k8s.api.core.v1.Container':
    '1 name string;2 image string;3 command *string;4 args *string;5 workingDir string;6 ports *io.k8s.api.core.v1.ContainerPort;19 envFrom *io.k8s.api.core.v1.EnvFromSource;7 env *io.k8s.api.core.v1.EnvVar;8 resources io.k8s.api.core.v1.ResourceRequirements;23 resizePolicy *io.k8s.api.core.v1.ContainerResizePolicy;24 restartPolicy string;25 restartPolicyRules *io.k8s.api.core.v1.ContainerRestartRule;9 volumeMounts *io.k8s.api.core.v1.VolumeMount;21 volumeDevices *io.k8s.api.core.v1.VolumeDevice;10 livenessProbe io.k8s.api.core.v1.Probe;11 readinessProbe io.k8s.api.core.v1.Probe;22 startupProbe io.k8s.api.core.v1.Probe;12 lifecycle io.k8s.api.core.v1.Lifecycle;13 terminationMessagePath string;20 terminationMessagePolicy string;14 imagePullPolicy string;15 securityContext io.k8s.api.core.v1.SecurityContext;16 stdin bool;17 stdinOnce bool;18 tty bool',
  'io.k8s.api.core.v1.ContainerExtendedResourceRequest':
    '1 containerName string;2 resourceName string;3 requestName string',
  'io.k8s.api.core.v1.ContainerImage': '1 names *string;2 sizeBytes int64',
  'io.k8s.api.core.v1.ContainerPort':
    '1 name string;2 hostPort int32;3 containerPort int32;4 protocol string;5 hostIP string',
  'io.k8s.api.core.v1.ContainerResizePolicy': '1 resourceName string;2 restartPolicy string',
  'io.k8s.api.core.v1.ContainerRestartRule':
    '1 action string;2 exitCodes io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes',
  'io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes': '1 operator string;2 values *int32',
  'io.k8s.api.core.v1.ContainerState':
    '1 waiting io.k8s.api.core.v1.ContainerStateWaiting;2 running io.k8s.api.core.v1.ContainerStateRunning;3 terminated io.k8s.api.core.v1.ContainerStateTerminated',
  'io.k8s.api.core.v1.ContainerStateRunning': '1 startedAt io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  'io.k8s.api.core.v1.ContainerStateTerminated':
    '1 exitCode int32;2 signal int32;3 reason string;4 message string;5 startedAt io.k8s.apimachinery.pkg.apis.meta.v1.Time;6 finishedAt io.k8s.apimachinery.pkg.apis.meta.v1.Time;7 containerID string',
  'io.k8s.api.core.v1.ContainerStateWaiting': '1 reason string;2 message string',
  'io.k8s.api.core.v1.ContainerStatus':
    '1 name string;2 state io.k8s.api.core.v1.ContainerState;3 lastState io.k8s.api.core.v1.ContainerState;4 ready bool;5 restartCount int32;6 image string;7 imageID string;8 containerID string;9 started bool;10 allocatedResources map io.k8s.apimachinery.pkg.api.resource.Quantity;11 resources io.k8s.api.core.v1.ResourceRequirements;12 volumeMounts *io.k8s.api.core.v1.VolumeMountStatus;13 user io.k8s.api.core.v1.ContainerUser;14 allocatedResourcesStatus *io.k8s.api.core.v1.ResourceStatus;15 stopSignal string',
  'io.k8s.api.core.v1.ContainerUser': '1 linux io.k8s.api.core.v1.LinuxContainerUser',
  'io.k8s.api.core.v1.DaemonEndpoint': '1 Port int32',
  'io.k8s.api.core.v1.DownwardAPIProjection': '1 items *io.k8s.api.core.v1.DownwardAPIVolumeFile',
  'io.k8s.api.core.v1.DownwardAPIVolumeFile':
    '1 path string;2 fieldRef io.k8s.api.core.v1.ObjectFieldSelector;3 resourceFieldRef io.k8s.api.core.v1.ResourceFieldSelector;4 mode int32',
  'io.k8s.api.core.v1.DownwardAPIVolumeSource': '1 items *io.k8s.api.core.v1.DownwardAPIVolumeFile;2 defaultMode int32',
  'io.k8s.api.core.v1.EmptyDirVolumeSource':
    '1 medium string;2 sizeLimit io.k8s.apimachinery.pkg.api.resource.Quantity',
  'io.k8s.api.core.v1.EndpointAddress':
    '1 ip string;3 hostname string;4 nodeName string;2 targetRef io.k8s.api.core.v1.ObjectReference',
  'io.k8s.api.core.v1.EndpointPort': '1 name string;2 port int32;3 protocol string;4 appProtocol string',
  'io.k8s.api.core.v1.EndpointSubset':
    '1 addresses *io.k8s.api.core.v1.EndpointAddress;2 notReadyAddresses *io.k8s.api.core.v1.EndpointAddress;3 ports *io.k8s.api.core.v1.EndpointPort',
  'io.k8s.api.core.v1.Endpoints':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 subsets *io.k8s.api.core.v1.EndpointSubset',
  'io.k8s.api.core.v1.EnvFromSource':
    '1 prefix string;2 configMapRef io.k8s.api.core.v1.ConfigMapEnvSource;3 secretRef io.k8s.api.core.v1.SecretEnvSource',
  'io.k8s.api.core.v1.EnvVar': '1 name string;2 value string;3 valueFrom io.k8s.api.core.v1.EnvVarSource',
  'io.k8s.api.core.v1.EnvVarSource':
    '1 fieldRef io.k8s.api.core.v1.ObjectFieldSelector;2 resourceFieldRef io.k8s.api.core.v1.ResourceFieldSelector;3 configMapKeyRef io.k8s.api.core.v1.ConfigMapKeySelector;4 secretKeyRef io.k8s.api.core.v1.SecretKeySelector;5 fileKeyRef io.k8s.api.core.v1.FileKeySelector',
  'io.k8s.api.core.v1.EphemeralContainer':
    '1 ephemeralContainerCommon io.k8s.api.core.v1.EphemeralContainerCommon;2 targetContainerName string',
  'io.k8s.api.core.v1.EphemeralContainerCommon':
    '1 name string;2 image string;3 command *string;4 args *string;5 workingDir string;6 ports *io.k8s.api.core.v1.ContainerPort;19 envFrom *io.k8s.api.core.v1.EnvFromSource;7 env *io.k8s.api.core.v1.EnvVar;8 resources io.k8s.api.core.v1.ResourceRequirements;23 resizePolicy *io.k8s.api.core.v1.ContainerResizePolicy;24 restartPolicy string;25 restartPolicyRules *io.k8s.api.core.v1.ContainerRestartRule;9 volumeMounts *io.k8s.api.core.v1.VolumeMount;21 volumeDevices *io.k8s.api.core.v1.VolumeDevice;10 livenessProbe io.k8s.api.core.v1.Probe;11 readinessProbe io.k8s.api.core.v1.Probe;22 startupProbe io.k8s.api.core.v1.Probe;12 lifecycle io.k8s.api.core.v1.Lifecycle;13 terminationMessagePath string;20 terminationMessagePolicy string;14 imagePullPolicy string;15 securityContext io.k8s.api.core.v1.SecurityContext;16 stdin bool;17 stdinOnce bool;18 tty bool',
  'io.k8s.api.core.v1.EphemeralVolumeSource': '1 volumeClaimTemplate io.k8s.api.core.v1.PersistentVolumeClaimTemplate',
  'io.k8s.api.core.v1.Event':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 involvedObject io.k8s.api.core.v1.ObjectReference;3 reason string;4 message string;5 source io.k8s.api.core.v1.EventSource;6 firstTimestamp io.k8s.apimachinery.pkg.apis.meta.v1.Time;7 lastTimestamp io.k8s.apimachinery.pkg.apis.meta.v1.Time;8 count int32;9 type string;10 eventTime io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime;11 series io.k8s.api.core.v1.EventSeries;12 action string;13 related io.k8s.api.core.v1.ObjectReference;14 reportingComponent string;15 reportingInstance string',
  'io.k8s.api.core.v1.EventSeries': '1 count int32;2 lastObservedTime io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  'io.k8s.api.core.v1.EventSource': '1 component string;2 host string',
  'io.k8s.api.core.v1.ExecAction': '1 command *string',
  'io.k8s.api.core.v1.FCVolumeSource':
    '1 targetWWNs *string;2 lun int32;3 fsType string;4 readOnly bool;5 wwids *string',
  'io.k8s.api.core.v1.FileKeySelector': '1 volumeName string;2 path string;3 key string;4 optional bool',
  'io.k8s.api.core.v1.FlexPersistentVolumeSource':
    '1 driver string;2 fsType string;3 secretRef io.k8s.api.core.v1.SecretReference;4 readOnly bool;5 options map string',
  'io.k8s.api.core.v1.FlexVolumeSource':
    '1 driver string;2 fsType string;3 secretRef io.k8s.api.core.v1.LocalObjectReference;4 readOnly bool;5 options map string',
  'io.k8s.api.core.v1.FlockerVolumeSource': '1 datasetName string;2 datasetUUID string',
  'io.k8s.api.core.v1.GCEPersistentDiskVolumeSource':
    '1 pdName string;2 fsType string;3 partition int32;4 readOnly bool',
  'io.k8s.api.core.v1.GRPCAction': '1 port int32;2 service string',
  'io.k8s.api.core.v1.GitRepoVolumeSource': '1 repository string;2 revision string;3 directory string',
  'io.k8s.api.core.v1.GlusterfsPersistentVolumeSource':
    '1 endpoints string;2 path string;3 readOnly bool;4 endpointsNamespace string',
  'io.k8s.api.core.v1.GlusterfsVolumeSource': '1 endpoints string;2 path string;3 readOnly bool',
  'io.k8s.api.core.v1.HTTPGetAction':
    '1 path string;2 port io.k8s.apimachinery.pkg.util.intstr.IntOrString;3 host string;4 scheme string;5 httpHeaders *io.k8s.api.core.v1.HTTPHeader',
  'io.k8s.api.core.v1.HTTPHeader': '1 name string;2 value string',
  'io.k8s.api.core.v1.HostAlias': '1 ip string;2 hostnames *string',
  'io.k8s.api.core.v1.HostIP': '1 ip string',
  'io.k8s.api.core.v1.HostPathVolumeSource': '1 path string;2 type string',
  'io.k8s.api.core.v1.ISCSIPersistentVolumeSource':
    '1 targetPortal string;2 iqn string;3 lun int32;4 iscsiInterface string;5 fsType string;6 readOnly bool;7 portals *string;8 chapAuthDiscovery bool;11 chapAuthSession bool;10 secretRef io.k8s.api.core.v1.SecretReference;12 initiatorName string',
  'io.k8s.api.core.v1.ISCSIVolumeSource':
    '1 targetPortal string;2 iqn string;3 lun int32;4 iscsiInterface string;5 fsType string;6 readOnly bool;7 portals *string;8 chapAuthDiscovery bool;11 chapAuthSession bool;10 secretRef io.k8s.api.core.v1.LocalObjectReference;12 initiatorName string',
  'io.k8s.api.core.v1.ImageVolumeSource': '1 reference string;2 pullPolicy string',
  'io.k8s.api.core.v1.KeyToPath': '1 key string;2 path string;3 mode int32',
  'io.k8s.api.core.v1.Lifecycle':
    '1 postStart io.k8s.api.core.v1.LifecycleHandler;2 preStop io.k8s.api.core.v1.LifecycleHandler;3 stopSignal string',
  'io.k8s.api.core.v1.LifecycleHandler':
    '1 exec io.k8s.api.core.v1.ExecAction;2 httpGet io.k8s.api.core.v1.HTTPGetAction;3 tcpSocket io.k8s.api.core.v1.TCPSocketAction;4 sleep io.k8s.api.core.v1.SleepAction',
  'io.k8s.api.core.v1.LimitRange':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.LimitRangeSpec',
  'io.k8s.api.core.v1.LimitRangeItem':
    '1 type string;2 max map io.k8s.apimachinery.pkg.api.resource.Quantity;3 min map io.k8s.apimachinery.pkg.api.resource.Quantity;4 default map io.k8s.apimachinery.pkg.api.resource.Quantity;5 defaultRequest map io.k8s.apimachinery.pkg.api.resource.Quantity;6 maxLimitRequestRatio map io.k8s.apimachinery.pkg.api.resource.Quantity',
  'io.k8s.api.core.v1.LimitRangeSpec': '1 limits *io.k8s.api.core.v1.LimitRangeItem',
  'io.k8s.api.core.v1.LinuxContainerUser': '1 uid int64;2 gid int64;3 supplementalGroups *int64',
  'io.k8s.api.core.v1.LoadBalancerIngress':
    '1 ip string;2 hostname string;3 ipMode string;4 ports *io.k8s.api.core.v1.PortStatus',
  'io.k8s.api.core.v1.LoadBalancerStatus': '1 ingress *io.k8s.api.core.v1.LoadBalancerIngress',
  'io.k8s.api.core.v1.LocalObjectReference': '1 name string',
  'io.k8s.api.core.v1.LocalVolumeSource': '1 path string;2 fsType string',
  'io.k8s.api.core.v1.ModifyVolumeStatus': '1 targetVolumeAttributesClassName string;2 status string',
  'io.k8s.api.core.v1.NFSVolumeSource': '1 server string;2 path string;3 readOnly bool',
  'io.k8s.api.core.v1.Namespace':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.NamespaceSpec;3 status io.k8s.api.core.v1.NamespaceStatus',
  'io.k8s.api.core.v1.NamespaceCondition':
    '1 type string;2 status string;4 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;5 reason string;6 message string',
  'io.k8s.api.core.v1.NamespaceSpec': '1 finalizers *string',
  'io.k8s.api.core.v1.NamespaceStatus': '1 phase string;2 conditions *io.k8s.api.core.v1.NamespaceCondition',
  'io.k8s.api.core.v1.Node':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.NodeSpec;3 status io.k8s.api.core.v1.NodeStatus',
  'io.k8s.api.core.v1.NodeAddress': '1 type string;2 address string',
  'io.k8s.api.core.v1.NodeAffinity':
    '1 requiredDuringSchedulingIgnoredDuringExecution io.k8s.api.core.v1.NodeSelector;2 preferredDuringSchedulingIgnoredDuringExecution *io.k8s.api.core.v1.PreferredSchedulingTerm',
  'io.k8s.api.core.v1.NodeCondition':
    '1 type string;2 status string;3 lastHeartbeatTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;5 reason string;6 message string',
  'io.k8s.api.core.v1.NodeConfigSource': '2 configMap io.k8s.api.core.v1.ConfigMapNodeConfigSource',
  'io.k8s.api.core.v1.NodeConfigStatus':
    '1 assigned io.k8s.api.core.v1.NodeConfigSource;2 active io.k8s.api.core.v1.NodeConfigSource;3 lastKnownGood io.k8s.api.core.v1.NodeConfigSource;4 error string',
  'io.k8s.api.core.v1.NodeDaemonEndpoints': '1 kubeletEndpoint io.k8s.api.core.v1.DaemonEndpoint',
  'io.k8s.api.core.v1.NodeFeatures': '1 supplementalGroupsPolicy bool',
  'io.k8s.api.core.v1.NodeRuntimeHandler': '1 name string;2 features io.k8s.api.core.v1.NodeRuntimeHandlerFeatures',
  'io.k8s.api.core.v1.NodeRuntimeHandlerFeatures': '1 recursiveReadOnlyMounts bool;2 userNamespaces bool',
  'io.k8s.api.core.v1.NodeSelector': '1 nodeSelectorTerms *io.k8s.api.core.v1.NodeSelectorTerm',
  'io.k8s.api.core.v1.NodeSelectorRequirement': '1 key string;2 operator string;3 values *string',
  'io.k8s.api.core.v1.NodeSelectorTerm':
    '1 matchExpressions *io.k8s.api.core.v1.NodeSelectorRequirement;2 matchFields *io.k8s.api.core.v1.NodeSelectorRequirement',
  'io.k8s.api.core.v1.NodeSpec':
    '1 podCIDR string;7 podCIDRs *string;3 providerID string;4 unschedulable bool;5 taints *io.k8s.api.core.v1.Taint;6 configSource io.k8s.api.core.v1.NodeConfigSource;2 externalID string',
  'io.k8s.api.core.v1.NodeStatus':
    '1 capacity map io.k8s.apimachinery.pkg.api.resource.Quantity;2 allocatable map io.k8s.apimachinery.pkg.api.resource.Quantity;3 phase string;4 conditions *io.k8s.api.core.v1.NodeCondition;5 addresses *io.k8s.api.core.v1.NodeAddress;6 daemonEndpoints io.k8s.api.core.v1.NodeDaemonEndpoints;7 nodeInfo io.k8s.api.core.v1.NodeSystemInfo;8 images *io.k8s.api.core.v1.ContainerImage;9 volumesInUse *string;10 volumesAttached *io.k8s.api.core.v1.AttachedVolume;11 config io.k8s.api.core.v1.NodeConfigStatus;12 runtimeHandlers *io.k8s.api.core.v1.NodeRuntimeHandler;13 features io.k8s.api.core.v1.NodeFeatures;14 declaredFeatures *string',
  'io.k8s.api.core.v1.NodeSwapStatus': '1 capacity int64',
  'io.k8s.api.core.v1.NodeSystemInfo':
    '1 machineID string;2 systemUUID string;3 bootID string;4 kernelVersion string;5 osImage string;6 containerRuntimeVersion string;7 kubeletVersion string;8 kubeProxyVersion string;9 operatingSystem string;10 architecture string;11 swap io.k8s.api.core.v1.NodeSwapStatus',
  'io.k8s.api.core.v1.ObjectFieldSelector': '1 apiVersion string;2 fieldPath string',
  'io.k8s.api.core.v1.ObjectReference':
    '1 kind string;2 namespace string;3 name string;4 uid string;5 apiVersion string;6 resourceVersion string;7 fieldPath string',
  'io.k8s.api.core.v1.PersistentVolume':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.PersistentVolumeSpec;3 status io.k8s.api.core.v1.PersistentVolumeStatus',
  'io.k8s.api.core.v1.PersistentVolumeClaim':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.PersistentVolumeClaimSpec;3 status io.k8s.api.core.v1.PersistentVolumeClaimStatus',
  'io.k8s.api.core.v1.PersistentVolumeClaimCondition':
    '1 type string;2 status string;3 lastProbeTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;5 reason string;6 message string',
  'io.k8s.api.core.v1.PersistentVolumeClaimSpec':
    '1 accessModes *string;4 selector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;2 resources io.k8s.api.core.v1.VolumeResourceRequirements;3 volumeName string;5 storageClassName string;6 volumeMode string;7 dataSource io.k8s.api.core.v1.TypedLocalObjectReference;8 dataSourceRef io.k8s.api.core.v1.TypedObjectReference;9 volumeAttributesClassName string',
  'io.k8s.api.core.v1.PersistentVolumeClaimStatus':
    '1 phase string;2 accessModes *string;3 capacity map io.k8s.apimachinery.pkg.api.resource.Quantity;4 conditions *io.k8s.api.core.v1.PersistentVolumeClaimCondition;5 allocatedResources map io.k8s.apimachinery.pkg.api.resource.Quantity;7 allocatedResourceStatuses map string;8 currentVolumeAttributesClassName string;9 modifyVolumeStatus io.k8s.api.core.v1.ModifyVolumeStatus',
  'io.k8s.api.core.v1.PersistentVolumeClaimTemplate':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.PersistentVolumeClaimSpec',
  'io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource': '1 claimName string;2 readOnly bool',
  'io.k8s.api.core.v1.PersistentVolumeSource':
    '1 gcePersistentDisk io.k8s.api.core.v1.GCEPersistentDiskVolumeSource;2 awsElasticBlockStore io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource;3 hostPath io.k8s.api.core.v1.HostPathVolumeSource;4 glusterfs io.k8s.api.core.v1.GlusterfsPersistentVolumeSource;5 nfs io.k8s.api.core.v1.NFSVolumeSource;6 rbd io.k8s.api.core.v1.RBDPersistentVolumeSource;7 iscsi io.k8s.api.core.v1.ISCSIPersistentVolumeSource;8 cinder io.k8s.api.core.v1.CinderPersistentVolumeSource;9 cephfs io.k8s.api.core.v1.CephFSPersistentVolumeSource;10 fc io.k8s.api.core.v1.FCVolumeSource;11 flocker io.k8s.api.core.v1.FlockerVolumeSource;12 flexVolume io.k8s.api.core.v1.FlexPersistentVolumeSource;13 azureFile io.k8s.api.core.v1.AzureFilePersistentVolumeSource;14 vsphereVolume io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource;15 quobyte io.k8s.api.core.v1.QuobyteVolumeSource;16 azureDisk io.k8s.api.core.v1.AzureDiskVolumeSource;17 photonPersistentDisk io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource;18 portworxVolume io.k8s.api.core.v1.PortworxVolumeSource;19 scaleIO io.k8s.api.core.v1.ScaleIOPersistentVolumeSource;20 local io.k8s.api.core.v1.LocalVolumeSource;21 storageos io.k8s.api.core.v1.StorageOSPersistentVolumeSource;22 csi io.k8s.api.core.v1.CSIPersistentVolumeSource',
  'io.k8s.api.core.v1.PersistentVolumeSpec':
    '1 capacity map io.k8s.apimachinery.pkg.api.resource.Quantity;2 persistentVolumeSource io.k8s.api.core.v1.PersistentVolumeSource;3 accessModes *string;4 claimRef io.k8s.api.core.v1.ObjectReference;5 persistentVolumeReclaimPolicy string;6 storageClassName string;7 mountOptions *string;8 volumeMode string;9 nodeAffinity io.k8s.api.core.v1.VolumeNodeAffinity;10 volumeAttributesClassName string',
  'io.k8s.api.core.v1.PersistentVolumeStatus':
    '1 phase string;2 message string;3 reason string;4 lastPhaseTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  'io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource': '1 pdID string;2 fsType string',
  'io.k8s.api.core.v1.Pod':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.PodSpec;3 status io.k8s.api.core.v1.PodStatus',
  'io.k8s.api.core.v1.PodAffinity':
    '1 requiredDuringSchedulingIgnoredDuringExecution *io.k8s.api.core.v1.PodAffinityTerm;2 preferredDuringSchedulingIgnoredDuringExecution *io.k8s.api.core.v1.WeightedPodAffinityTerm',
  'io.k8s.api.core.v1.PodAffinityTerm':
    '1 labelSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;2 namespaces *string;3 topologyKey string;4 namespaceSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;5 matchLabelKeys *string;6 mismatchLabelKeys *string',
  'io.k8s.api.core.v1.PodAntiAffinity':
    '1 requiredDuringSchedulingIgnoredDuringExecution *io.k8s.api.core.v1.PodAffinityTerm;2 preferredDuringSchedulingIgnoredDuringExecution *io.k8s.api.core.v1.WeightedPodAffinityTerm',
  'io.k8s.api.core.v1.PodCertificateProjection':
    '1 signerName string;2 keyType string;3 maxExpirationSeconds int32;4 credentialBundlePath string;5 keyPath string;6 certificateChainPath string;7 userAnnotations map string',
  'io.k8s.api.core.v1.PodCondition':
    '1 type string;7 observedGeneration int64;2 status string;3 lastProbeTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;5 reason string;6 message string',
  'io.k8s.api.core.v1.PodDNSConfig':
    '1 nameservers *string;2 searches *string;3 options *io.k8s.api.core.v1.PodDNSConfigOption',
  'io.k8s.api.core.v1.PodDNSConfigOption': '1 name string;2 value string',
  'io.k8s.api.core.v1.PodExtendedResourceClaimStatus':
    '1 requestMappings *io.k8s.api.core.v1.ContainerExtendedResourceRequest;2 resourceClaimName string',
  'io.k8s.api.core.v1.PodIP': '1 ip string',
  'io.k8s.api.core.v1.PodOS': '1 name string',
  'io.k8s.api.core.v1.PodReadinessGate': '1 conditionType string',
  'io.k8s.api.core.v1.PodResourceClaim': '1 name string;3 resourceClaimName string;4 resourceClaimTemplateName string',
  'io.k8s.api.core.v1.PodResourceClaimStatus': '1 name string;2 resourceClaimName string',
  'io.k8s.api.core.v1.PodSchedulingGate': '1 name string',
  'io.k8s.api.core.v1.PodSecurityContext':
    '1 seLinuxOptions io.k8s.api.core.v1.SELinuxOptions;8 windowsOptions io.k8s.api.core.v1.WindowsSecurityContextOptions;2 runAsUser int64;6 runAsGroup int64;3 runAsNonRoot bool;4 supplementalGroups *int64;12 supplementalGroupsPolicy string;5 fsGroup int64;7 sysctls *io.k8s.api.core.v1.Sysctl;9 fsGroupChangePolicy string;10 seccompProfile io.k8s.api.core.v1.SeccompProfile;11 appArmorProfile io.k8s.api.core.v1.AppArmorProfile;13 seLinuxChangePolicy string',
  'io.k8s.api.core.v1.PodSpec':
    '1 volumes *io.k8s.api.core.v1.Volume;20 initContainers *io.k8s.api.core.v1.Container;2 containers *io.k8s.api.core.v1.Container;34 ephemeralContainers *io.k8s.api.core.v1.EphemeralContainer;3 restartPolicy string;4 terminationGracePeriodSeconds int64;5 activeDeadlineSeconds int64;6 dnsPolicy string;7 nodeSelector map string;8 serviceAccountName string;9 serviceAccount string;21 automountServiceAccountToken bool;10 nodeName string;11 hostNetwork bool;12 hostPID bool;13 hostIPC bool;27 shareProcessNamespace bool;14 securityContext io.k8s.api.core.v1.PodSecurityContext;15 imagePullSecrets *io.k8s.api.core.v1.LocalObjectReference;16 hostname string;17 subdomain string;18 affinity io.k8s.api.core.v1.Affinity;19 schedulerName string;22 tolerations *io.k8s.api.core.v1.Toleration;23 hostAliases *io.k8s.api.core.v1.HostAlias;24 priorityClassName string;25 priority int32;26 dnsConfig io.k8s.api.core.v1.PodDNSConfig;28 readinessGates *io.k8s.api.core.v1.PodReadinessGate;29 runtimeClassName string;30 enableServiceLinks bool;31 preemptionPolicy string;32 overhead map io.k8s.apimachinery.pkg.api.resource.Quantity;33 topologySpreadConstraints *io.k8s.api.core.v1.TopologySpreadConstraint;35 setHostnameAsFQDN bool;36 os io.k8s.api.core.v1.PodOS;37 hostUsers bool;38 schedulingGates *io.k8s.api.core.v1.PodSchedulingGate;39 resourceClaims *io.k8s.api.core.v1.PodResourceClaim;40 resources io.k8s.api.core.v1.ResourceRequirements;41 hostnameOverride string;42 workloadRef io.k8s.api.core.v1.WorkloadReference',
  'io.k8s.api.core.v1.PodStatus':
    '17 observedGeneration int64;1 phase string;2 conditions *io.k8s.api.core.v1.PodCondition;3 message string;4 reason string;11 nominatedNodeName string;5 hostIP string;16 hostIPs *io.k8s.api.core.v1.HostIP;6 podIP string;12 podIPs *io.k8s.api.core.v1.PodIP;7 startTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;10 initContainerStatuses *io.k8s.api.core.v1.ContainerStatus;8 containerStatuses *io.k8s.api.core.v1.ContainerStatus;9 qosClass string;13 ephemeralContainerStatuses *io.k8s.api.core.v1.ContainerStatus;14 resize string;15 resourceClaimStatuses *io.k8s.api.core.v1.PodResourceClaimStatus;18 extendedResourceClaimStatus io.k8s.api.core.v1.PodExtendedResourceClaimStatus;19 allocatedResources map io.k8s.apimachinery.pkg.api.resource.Quantity;20 resources io.k8s.api.core.v1.ResourceRequirements',
  'io.k8s.api.core.v1.PodTemplate':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 template io.k8s.api.core.v1.PodTemplateSpec',
  'io.k8s.api.core.v1.PodTemplateSpec':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.PodSpec',
  'io.k8s.api.core.v1.PortStatus': '1 port int32;2 protocol string;3 error string',
  'io.k8s.api.core.v1.PortworxVolumeSource': '1 volumeID string;2 fsType string;3 readOnly bool',
  'io.k8s.api.core.v1.PreferredSchedulingTerm': '1 weight int32;2 preference io.k8s.api.core.v1.NodeSelectorTerm',
  'io.k8s.api.core.v1.Probe':
    '1 handler io.k8s.api.core.v1.ProbeHandler;2 initialDelaySeconds int32;3 timeoutSeconds int32;4 periodSeconds int32;5 successThreshold int32;6 failureThreshold int32;7 terminationGracePeriodSeconds int64',
  'io.k8s.api.core.v1.ProbeHandler':
    '1 exec io.k8s.api.core.v1.ExecAction;2 httpGet io.k8s.api.core.v1.HTTPGetAction;3 tcpSocket io.k8s.api.core.v1.TCPSocketAction;4 grpc io.k8s.api.core.v1.GRPCAction',
  'io.k8s.api.core.v1.ProjectedVolumeSource': '1 sources *io.k8s.api.core.v1.VolumeProjection;2 defaultMode int32',
  'io.k8s.api.core.v1.QuobyteVolumeSource':
    '1 registry string;2 volume string;3 readOnly bool;4 user string;5 group string;6 tenant string',
  'io.k8s.api.core.v1.RBDPersistentVolumeSource':
    '1 monitors *string;2 image string;3 fsType string;4 pool string;5 user string;6 keyring string;7 secretRef io.k8s.api.core.v1.SecretReference;8 readOnly bool',
  'io.k8s.api.core.v1.RBDVolumeSource':
    '1 monitors *string;2 image string;3 fsType string;4 pool string;5 user string;6 keyring string;7 secretRef io.k8s.api.core.v1.LocalObjectReference;8 readOnly bool',
  'io.k8s.api.core.v1.ReplicationController':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.ReplicationControllerSpec;3 status io.k8s.api.core.v1.ReplicationControllerStatus',
  'io.k8s.api.core.v1.ReplicationControllerCondition':
    '1 type string;2 status string;3 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;4 reason string;5 message string',
  'io.k8s.api.core.v1.ReplicationControllerSpec':
    '1 replicas int32;4 minReadySeconds int32;2 selector map string;3 template io.k8s.api.core.v1.PodTemplateSpec',
  'io.k8s.api.core.v1.ReplicationControllerStatus':
    '1 replicas int32;2 fullyLabeledReplicas int32;4 readyReplicas int32;5 availableReplicas int32;3 observedGeneration int64;6 conditions *io.k8s.api.core.v1.ReplicationControllerCondition',
  'io.k8s.api.core.v1.ResourceClaim': '1 name string;2 request string',
  'io.k8s.api.core.v1.ResourceFieldSelector':
    '1 containerName string;2 resource string;3 divisor io.k8s.apimachinery.pkg.api.resource.Quantity',
  'io.k8s.api.core.v1.ResourceHealth': '1 resourceID string;2 health string',
  'io.k8s.api.core.v1.ResourceQuota':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.ResourceQuotaSpec;3 status io.k8s.api.core.v1.ResourceQuotaStatus',
  'io.k8s.api.core.v1.ResourceQuotaSpec':
    '1 hard map io.k8s.apimachinery.pkg.api.resource.Quantity;2 scopes *string;3 scopeSelector io.k8s.api.core.v1.ScopeSelector',
  'io.k8s.api.core.v1.ResourceQuotaStatus':
    '1 hard map io.k8s.apimachinery.pkg.api.resource.Quantity;2 used map io.k8s.apimachinery.pkg.api.resource.Quantity',
  'io.k8s.api.core.v1.ResourceRequirements':
    '1 limits map io.k8s.apimachinery.pkg.api.resource.Quantity;2 requests map io.k8s.apimachinery.pkg.api.resource.Quantity;3 claims *io.k8s.api.core.v1.ResourceClaim',
  'io.k8s.api.core.v1.ResourceStatus': '1 name string;2 resources *io.k8s.api.core.v1.ResourceHealth',
  'io.k8s.api.core.v1.SELinuxOptions': '1 user string;2 role string;3 type string;4 level string',
  'io.k8s.api.core.v1.ScaleIOPersistentVolumeSource':
    '1 gateway string;2 system string;3 secretRef io.k8s.api.core.v1.SecretReference;4 sslEnabled bool;5 protectionDomain string;6 storagePool string;7 storageMode string;8 volumeName string;9 fsType string;10 readOnly bool',
  'io.k8s.api.core.v1.ScaleIOVolumeSource':
    '1 gateway string;2 system string;3 secretRef io.k8s.api.core.v1.LocalObjectReference;4 sslEnabled bool;5 protectionDomain string;6 storagePool string;7 storageMode string;8 volumeName string;9 fsType string;10 readOnly bool',
  'io.k8s.api.core.v1.ScopeSelector': '1 matchExpressions *io.k8s.api.core.v1.ScopedResourceSelectorRequirement',
  'io.k8s.api.core.v1.ScopedResourceSelectorRequirement': '1 scopeName string;2 operator string;3 values *string',
  'io.k8s.api.core.v1.SeccompProfile': '1 type string;2 localhostProfile string',
  'io.k8s.api.core.v1.Secret':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;5 immutable bool;2 data map bytes;4 stringData map string;3 type string',
  'io.k8s.api.core.v1.SecretEnvSource':
    '1 localObjectReference io.k8s.api.core.v1.LocalObjectReference;2 optional bool',
  'io.k8s.api.core.v1.SecretKeySelector':
    '1 localObjectReference io.k8s.api.core.v1.LocalObjectReference;2 key string;3 optional bool',
  'io.k8s.api.core.v1.SecretProjection':
    '1 localObjectReference io.k8s.api.core.v1.LocalObjectReference;2 items *io.k8s.api.core.v1.KeyToPath;4 optional bool',
  'io.k8s.api.core.v1.SecretReference': '1 name string;2 namespace string',
  'io.k8s.api.core.v1.SecretVolumeSource':
    '1 secretName string;2 items *io.k8s.api.core.v1.KeyToPath;3 defaultMode int32;4 optional bool',
  'io.k8s.api.core.v1.SecurityContext':
    '1 capabilities io.k8s.api.core.v1.Capabilities;2 privileged bool;3 seLinuxOptions io.k8s.api.core.v1.SELinuxOptions;10 windowsOptions io.k8s.api.core.v1.WindowsSecurityContextOptions;4 runAsUser int64;8 runAsGroup int64;5 runAsNonRoot bool;6 readOnlyRootFilesystem bool;7 allowPrivilegeEscalation bool;9 procMount string;11 seccompProfile io.k8s.api.core.v1.SeccompProfile;12 appArmorProfile io.k8s.api.core.v1.AppArmorProfile',
  'io.k8s.api.core.v1.Service':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.core.v1.ServiceSpec;3 status io.k8s.api.core.v1.ServiceStatus',
  'io.k8s.api.core.v1.ServiceAccount':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 secrets *io.k8s.api.core.v1.ObjectReference;3 imagePullSecrets *io.k8s.api.core.v1.LocalObjectReference;4 automountServiceAccountToken bool',
  'io.k8s.api.core.v1.ServiceAccountTokenProjection': '1 audience string;2 expirationSeconds int64;3 path string',
  'io.k8s.api.core.v1.ServicePort':
    '1 name string;2 protocol string;6 appProtocol string;3 port int32;4 targetPort io.k8s.apimachinery.pkg.util.intstr.IntOrString;5 nodePort int32',
  'io.k8s.api.core.v1.ServiceSpec':
    '1 ports *io.k8s.api.core.v1.ServicePort;2 selector map string;3 clusterIP string;18 clusterIPs *string;4 type string;5 externalIPs *string;7 sessionAffinity string;8 loadBalancerIP string;9 loadBalancerSourceRanges *string;10 externalName string;11 externalTrafficPolicy string;12 healthCheckNodePort int32;13 publishNotReadyAddresses bool;14 sessionAffinityConfig io.k8s.api.core.v1.SessionAffinityConfig;19 ipFamilies *string;17 ipFamilyPolicy string;20 allocateLoadBalancerNodePorts bool;21 loadBalancerClass string;22 internalTrafficPolicy string;23 trafficDistribution string',
  'io.k8s.api.core.v1.ServiceStatus':
    '1 loadBalancer io.k8s.api.core.v1.LoadBalancerStatus;2 conditions *io.k8s.apimachinery.pkg.apis.meta.v1.Condition',
  'io.k8s.api.core.v1.SessionAffinityConfig': '1 clientIP io.k8s.api.core.v1.ClientIPConfig',
  'io.k8s.api.core.v1.SleepAction': '1 seconds int64',
  'io.k8s.api.core.v1.StorageOSPersistentVolumeSource':
    '1 volumeName string;2 volumeNamespace string;3 fsType string;4 readOnly bool;5 secretRef io.k8s.api.core.v1.ObjectReference',
  'io.k8s.api.core.v1.StorageOSVolumeSource':
    '1 volumeName string;2 volumeNamespace string;3 fsType string;4 readOnly bool;5 secretRef io.k8s.api.core.v1.LocalObjectReference',
  'io.k8s.api.core.v1.Sysctl': '1 name string;2 value string',
  'io.k8s.api.core.v1.TCPSocketAction': '1 port io.k8s.apimachinery.pkg.util.intstr.IntOrString;2 host string',
  'io.k8s.api.core.v1.Taint':
    '1 key string;2 value string;3 effect string;4 timeAdded io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  'io.k8s.api.core.v1.Toleration':
    '1 key string;2 operator string;3 value string;4 effect string;5 tolerationSeconds int64',
  'io.k8s.api.core.v1.TopologySelectorLabelRequirement': '1 key string;2 values *string',
  'io.k8s.api.core.v1.TopologySelectorTerm':
    '1 matchLabelExpressions *io.k8s.api.core.v1.TopologySelectorLabelRequirement',
  'io.k8s.api.core.v1.TopologySpreadConstraint':
    '1 maxSkew int32;2 topologyKey string;3 whenUnsatisfiable string;4 labelSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;5 minDomains int32;6 nodeAffinityPolicy string;7 nodeTaintsPolicy string;8 matchLabelKeys *string',
  'io.k8s.api.core.v1.TypedLocalObjectReference': '1 apiGroup string;2 kind string;3 name string',
  'io.k8s.api.core.v1.TypedObjectReference': '1 apiGroup string;2 kind string;3 name string;4 namespace string',
  'io.k8s.api.core.v1.Volume': '1 name string;2 volumeSource io.k8s.api.core.v1.VolumeSource',
  'io.k8s.api.core.v1.VolumeDevice': '1 name string;2 devicePath string',
  'io.k8s.api.core.v1.VolumeMount':
    '1 name string;2 readOnly bool;7 recursiveReadOnly string;3 mountPath string;4 subPath string;5 mountPropagation string;6 subPathExpr string',
  'io.k8s.api.core.v1.VolumeMountStatus': '1 name string;2 mountPath string;3 readOnly bool;4 recursiveReadOnly string',
  'io.k8s.api.core.v1.VolumeNodeAffinity': '1 required io.k8s.api.core.v1.NodeSelector',
  'io.k8s.api.core.v1.VolumeProjection':
    '1 secret io.k8s.api.core.v1.SecretProjection;2 downwardAPI io.k8s.api.core.v1.DownwardAPIProjection;3 configMap io.k8s.api.core.v1.ConfigMapProjection;4 serviceAccountToken io.k8s.api.core.v1.ServiceAccountTokenProjection;5 clusterTrustBundle io.k8s.api.core.v1.ClusterTrustBundleProjection;6 podCertificate io.k8s.api.core.v1.PodCertificateProjection',
  'io.k8s.api.core.v1.VolumeResourceRequirements':
    '1 limits map io.k8s.apimachinery.pkg.api.resource.Quantity;2 requests map io.k8s.apimachinery.pkg.api.resource.Quantity',
  'io.k8s.api.core.v1.VolumeSource':
    '1 hostPath io.k8s.api.core.v1.HostPathVolumeSource;2 emptyDir io.k8s.api.core.v1.EmptyDirVolumeSource;3 gcePersistentDisk io.k8s.api.core.v1.GCEPersistentDiskVolumeSource;4 awsElasticBlockStore io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource;5 gitRepo io.k8s.api.core.v1.GitRepoVolumeSource;6 secret io.k8s.api.core.v1.SecretVolumeSource;7 nfs io.k8s.api.core.v1.NFSVolumeSource;8 iscsi io.k8s.api.core.v1.ISCSIVolumeSource;9 glusterfs io.k8s.api.core.v1.GlusterfsVolumeSource;10 persistentVolumeClaim io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource;11 rbd io.k8s.api.core.v1.RBDVolumeSource;12 flexVolume io.k8s.api.core.v1.FlexVolumeSource;13 cinder io.k8s.api.core.v1.CinderVolumeSource;14 cephfs io.k8s.api.core.v1.CephFSVolumeSource;15 flocker io.k8s.api.core.v1.FlockerVolumeSource;16 downwardAPI io.k8s.api.core.v1.DownwardAPIVolumeSource;17 fc io.k8s.api.core.v1.FCVolumeSource;18 azureFile io.k8s.api.core.v1.AzureFileVolumeSource;19 configMap io.k8s.api.core.v1.ConfigMapVolumeSource;20 vsphereVolume io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource;21 quobyte io.k8s.api.core.v1.QuobyteVolumeSource;22 azureDisk io.k8s.api.core.v1.AzureDiskVolumeSource;23 photonPersistentDisk io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource;26 projected io.k8s.api.core.v1.ProjectedVolumeSource;24 portworxVolume io.k8s.api.core.v1.PortworxVolumeSource;25 scaleIO io.k8s.api.core.v1.ScaleIOVolumeSource;27 storageos io.k8s.api.core.v1.StorageOSVolumeSource;28 csi io.k8s.api.core.v1.CSIVolumeSource;29 ephemeral io.k8s.api.core.v1.EphemeralVolumeSource;30 image io.k8s.api.core.v1.ImageVolumeSource',
  'io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource':
    '1 volumePath string;2 fsType string;3 storagePolicyName string;4 storagePolicyID string',
  'io.k8s.api.core.v1.WeightedPodAffinityTerm': '1 weight int32;2 podAffinityTerm io.k8s.api.core.v1.PodAffinityTerm',
  'io.k8s.api.core.v1.WindowsSecurityContextOptions':
    '1 gmsaCredentialSpecName string;2 gmsaCredentialSpec string;3 runAsUserName string;4 hostProcess bool',
  'io.k8s.api.core.v1.WorkloadReference': '1 name string;2 podGroup string;3 podGroupReplicaKey string',
  'io.k8s.api.discovery.v1.Endpoint':
    '1 addresses *string;2 conditions io.k8s.api.discovery.v1.EndpointConditions;3 hostname string;4 targetRef io.k8s.api.core.v1.ObjectReference;5 deprecatedTopology map string;6 nodeName string;7 zone string;8 hints io.k8s.api.discovery.v1.EndpointHints',
  'io.k8s.api.discovery.v1.EndpointConditions': '1 ready bool;2 serving bool;3 terminating bool',
  'io.k8s.api.discovery.v1.EndpointHints':
    '1 forZones *io.k8s.api.discovery.v1.ForZone;2 forNodes *io.k8s.api.discovery.v1.ForNode',
  'io.k8s.api.discovery.v1.EndpointPort': '1 name string;2 protocol string;3 port int32;4 appProtocol string',
  'io.k8s.api.discovery.v1.EndpointSlice':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;4 addressType string;2 endpoints *io.k8s.api.discovery.v1.Endpoint;3 ports *io.k8s.api.discovery.v1.EndpointPort',
  'io.k8s.api.discovery.v1.ForNode': '1 name string',
  'io.k8s.api.discovery.v1.ForZone': '1 name string',
  'io.k8s.api.events.v1.Event':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 eventTime io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime;3 series io.k8s.api.events.v1.EventSeries;4 reportingController string;5 reportingInstance string;6 action string;7 reason string;8 regarding io.k8s.api.core.v1.ObjectReference;9 related io.k8s.api.core.v1.ObjectReference;10 note string;11 type string;12 deprecatedSource io.k8s.api.core.v1.EventSource;13 deprecatedFirstTimestamp io.k8s.apimachinery.pkg.apis.meta.v1.Time;14 deprecatedLastTimestamp io.k8s.apimachinery.pkg.apis.meta.v1.Time;15 deprecatedCount int32',
  'io.k8s.api.events.v1.EventSeries': '1 count int32;2 lastObservedTime io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  'io.k8s.api.networking.v1.HTTPIngressPath':
    '1 path string;3 pathType string;2 backend io.k8s.api.networking.v1.IngressBackend',
  'io.k8s.api.networking.v1.HTTPIngressRuleValue': '1 paths *io.k8s.api.networking.v1.HTTPIngressPath',
  'io.k8s.api.networking.v1.IPAddress':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.networking.v1.IPAddressSpec',
  'io.k8s.api.networking.v1.IPAddressSpec': '1 parentRef io.k8s.api.networking.v1.ParentReference',
  'io.k8s.api.networking.v1.IPBlock': '1 cidr string;2 except *string',
  'io.k8s.api.networking.v1.Ingress':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.networking.v1.IngressSpec;3 status io.k8s.api.networking.v1.IngressStatus',
  'io.k8s.api.networking.v1.IngressBackend':
    '4 service io.k8s.api.networking.v1.IngressServiceBackend;3 resource io.k8s.api.core.v1.TypedLocalObjectReference',
  'io.k8s.api.networking.v1.IngressClass':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.networking.v1.IngressClassSpec',
  'io.k8s.api.networking.v1.IngressClassParametersReference':
    '1 aPIGroup string;2 kind string;3 name string;4 scope string;5 namespace string',
  'io.k8s.api.networking.v1.IngressClassSpec':
    '1 controller string;2 parameters io.k8s.api.networking.v1.IngressClassParametersReference',
  'io.k8s.api.networking.v1.IngressLoadBalancerIngress':
    '1 ip string;2 hostname string;4 ports *io.k8s.api.networking.v1.IngressPortStatus',
  'io.k8s.api.networking.v1.IngressLoadBalancerStatus':
    '1 ingress *io.k8s.api.networking.v1.IngressLoadBalancerIngress',
  'io.k8s.api.networking.v1.IngressPortStatus': '1 port int32;2 protocol string;3 error string',
  'io.k8s.api.networking.v1.IngressRule': '1 host string;2 ingressRuleValue io.k8s.api.networking.v1.IngressRuleValue',
  'io.k8s.api.networking.v1.IngressRuleValue': '1 http io.k8s.api.networking.v1.HTTPIngressRuleValue',
  'io.k8s.api.networking.v1.IngressServiceBackend': '1 name string;2 port io.k8s.api.networking.v1.ServiceBackendPort',
  'io.k8s.api.networking.v1.IngressSpec':
    '4 ingressClassName string;1 defaultBackend io.k8s.api.networking.v1.IngressBackend;2 tls *io.k8s.api.networking.v1.IngressTLS;3 rules *io.k8s.api.networking.v1.IngressRule',
  'io.k8s.api.networking.v1.IngressStatus': '1 loadBalancer io.k8s.api.networking.v1.IngressLoadBalancerStatus',
  'io.k8s.api.networking.v1.IngressTLS': '1 hosts *string;2 secretName string',
  'io.k8s.api.networking.v1.NetworkPolicy':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.networking.v1.NetworkPolicySpec',
  'io.k8s.api.networking.v1.NetworkPolicyEgressRule':
    '1 ports *io.k8s.api.networking.v1.NetworkPolicyPort;2 to *io.k8s.api.networking.v1.NetworkPolicyPeer',
  'io.k8s.api.networking.v1.NetworkPolicyIngressRule':
    '1 ports *io.k8s.api.networking.v1.NetworkPolicyPort;2 from *io.k8s.api.networking.v1.NetworkPolicyPeer',
  'io.k8s.api.networking.v1.NetworkPolicyPeer':
    '1 podSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;2 namespaceSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;3 ipBlock io.k8s.api.networking.v1.IPBlock',
  'io.k8s.api.networking.v1.NetworkPolicyPort':
    '1 protocol string;2 port io.k8s.apimachinery.pkg.util.intstr.IntOrString;3 endPort int32',
  'io.k8s.api.networking.v1.NetworkPolicySpec':
    '1 podSelector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;2 ingress *io.k8s.api.networking.v1.NetworkPolicyIngressRule;3 egress *io.k8s.api.networking.v1.NetworkPolicyEgressRule;4 policyTypes *string',
  'io.k8s.api.networking.v1.ParentReference': '1 group string;2 resource string;3 namespace string;4 name string',
  'io.k8s.api.networking.v1.ServiceBackendPort': '1 name string;2 number int32',
  'io.k8s.api.networking.v1.ServiceCIDR':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.networking.v1.ServiceCIDRSpec;3 status io.k8s.api.networking.v1.ServiceCIDRStatus',
  'io.k8s.api.networking.v1.ServiceCIDRSpec': '1 cidrs *string',
  'io.k8s.api.networking.v1.ServiceCIDRStatus': '1 conditions *io.k8s.apimachinery.pkg.apis.meta.v1.Condition',
  'io.k8s.api.policy.v1.PodDisruptionBudget':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.policy.v1.PodDisruptionBudgetSpec;3 status io.k8s.api.policy.v1.PodDisruptionBudgetStatus',
  'io.k8s.api.policy.v1.PodDisruptionBudgetSpec':
    '1 minAvailable io.k8s.apimachinery.pkg.util.intstr.IntOrString;2 selector io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;3 maxUnavailable io.k8s.apimachinery.pkg.util.intstr.IntOrString;4 unhealthyPodEvictionPolicy string',
  'io.k8s.api.policy.v1.PodDisruptionBudgetStatus':
    '1 observedGeneration int64;2 disruptedPods map io.k8s.apimachinery.pkg.apis.meta.v1.Time;3 disruptionsAllowed int32;4 currentHealthy int32;5 desiredHealthy int32;6 expectedPods int32;7 conditions *io.k8s.apimachinery.pkg.apis.meta.v1.Condition',
  'io.k8s.api.rbac.v1.AggregationRule': '1 clusterRoleSelectors *io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
  'io.k8s.api.rbac.v1.ClusterRole':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 rules *io.k8s.api.rbac.v1.PolicyRule;3 aggregationRule io.k8s.api.rbac.v1.AggregationRule',
  'io.k8s.api.rbac.v1.ClusterRoleBinding':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 subjects *io.k8s.api.rbac.v1.Subject;3 roleRef io.k8s.api.rbac.v1.RoleRef',
  'io.k8s.api.rbac.v1.PolicyRule':
    '1 verbs *string;2 apiGroups *string;3 resources *string;4 resourceNames *string;5 nonResourceURLs *string',
  'io.k8s.api.rbac.v1.Role':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 rules *io.k8s.api.rbac.v1.PolicyRule',
  'io.k8s.api.rbac.v1.RoleBinding':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 subjects *io.k8s.api.rbac.v1.Subject;3 roleRef io.k8s.api.rbac.v1.RoleRef',
  'io.k8s.api.rbac.v1.RoleRef': '1 apiGroup string;2 kind string;3 name string',
  'io.k8s.api.rbac.v1.Subject': '1 kind string;2 apiGroup string;3 name string;4 namespace string',
  'io.k8s.api.scheduling.v1.PriorityClass':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 value int32;3 globalDefault bool;4 description string;5 preemptionPolicy string',
  'io.k8s.api.storage.v1.CSIDriver':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.storage.v1.CSIDriverSpec',
  'io.k8s.api.storage.v1.CSIDriverSpec':
    '1 attachRequired bool;2 podInfoOnMount bool;3 volumeLifecycleModes *string;4 storageCapacity bool;5 fsGroupPolicy string;6 tokenRequests *io.k8s.api.storage.v1.TokenRequest;7 requiresRepublish bool;8 seLinuxMount bool;9 nodeAllocatableUpdatePeriodSeconds int64;10 serviceAccountTokenInSecrets bool',
  'io.k8s.api.storage.v1.CSINode':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.storage.v1.CSINodeSpec',
  'io.k8s.api.storage.v1.CSINodeDriver':
    '1 name string;2 nodeID string;3 topologyKeys *string;4 allocatable io.k8s.api.storage.v1.VolumeNodeResources',
  'io.k8s.api.storage.v1.CSINodeSpec': '1 drivers *io.k8s.api.storage.v1.CSINodeDriver',
  'io.k8s.api.storage.v1.CSIStorageCapacity':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 nodeTopology io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector;3 storageClassName string;4 capacity io.k8s.apimachinery.pkg.api.resource.Quantity;5 maximumVolumeSize io.k8s.apimachinery.pkg.api.resource.Quantity',
  'io.k8s.api.storage.v1.StorageClass':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 provisioner string;3 parameters map string;4 reclaimPolicy string;5 mountOptions *string;6 allowVolumeExpansion bool;7 volumeBindingMode string;8 allowedTopologies *io.k8s.api.core.v1.TopologySelectorTerm',
  'io.k8s.api.storage.v1.TokenRequest': '1 audience string;2 expirationSeconds int64',
  'io.k8s.api.storage.v1.VolumeAttachment':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 spec io.k8s.api.storage.v1.VolumeAttachmentSpec;3 status io.k8s.api.storage.v1.VolumeAttachmentStatus',
  'io.k8s.api.storage.v1.VolumeAttachmentSource':
    '1 persistentVolumeName string;2 inlineVolumeSpec io.k8s.api.core.v1.PersistentVolumeSpec',
  'io.k8s.api.storage.v1.VolumeAttachmentSpec':
    '1 attacher string;2 source io.k8s.api.storage.v1.VolumeAttachmentSource;3 nodeName string',
  'io.k8s.api.storage.v1.VolumeAttachmentStatus':
    '1 attached bool;2 attachmentMetadata map string;3 attachError io.k8s.api.storage.v1.VolumeError;4 detachError io.k8s.api.storage.v1.VolumeError',
  'io.k8s.api.storage.v1.VolumeAttributesClass':
    '1 metadata io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta;2 driverName string;3 parameters map string',
  'io.k8s.api.storage.v1.VolumeError':
    '1 time io.k8s.apimachinery.pkg.apis.meta.v1.Time;2 message string;3 errorCode int32',
  'io.k8s.api.storage.v1.VolumeNodeResources': '1 count int32',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': '1 string string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Condition':
    '1 type string;2 status string;3 observedGeneration int64;4 lastTransitionTime io.k8s.apimachinery.pkg.apis.meta.v1.Time;5 reason string;6 message string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions':
    '1 gracePeriodSeconds int64;2 preconditions io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions;3 orphanDependents bool;4 propagationPolicy string;5 dryRun *string;6 ignoreStoreReadErrorWithClusterBreakingPotential bool',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement': '1 key string;2 operator string;3 values *string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': '1 Raw bytes',
  'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector':
    '1 matchLabels map string;2 matchExpressions *io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement',
  'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement': '1 key string;2 operator string;3 values *string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry':
    '1 manager string;2 operation string;3 apiVersion string;4 time io.k8s.apimachinery.pkg.apis.meta.v1.Time;6 fieldsType string;7 fieldsV1 io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1;8 subresource string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': '1 seconds int64;2 nanos int32',
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta':
    '1 name string;2 generateName string;3 namespace string;4 selfLink string;5 uid string;6 resourceVersion string;7 generation int64;8 creationTimestamp io.k8s.apimachinery.pkg.apis.meta.v1.Time;9 deletionTimestamp io.k8s.apimachinery.pkg.apis.meta.v1.Time;10 deletionGracePeriodSeconds int64;11 labels map string;12 annotations map string;13 ownerReferences *io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference;14 finalizers *string;17 managedFields *io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry',
  'io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference':
    '5 apiVersion string;1 kind string;3 name string;4 uid string;6 controller bool;7 blockOwnerDeletion bool',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions': '1 uid string;2 resourceVersion string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': '1 seconds int64;2 nanos int32',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': '1 raw bytes',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': '1 type int64;2 intVal int32;3 strVal string',
};
