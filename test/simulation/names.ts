/** What the things of an application are called. */
import type { Application } from './application.ts';

type Named = Pick<Application, 'namespace' | 'name'>;

export const imageOf = ({ namespace, name }: Named): string => `registry.example/${namespace}/${name}`;
/** The variable of its Kustomization that carries the version. */
export const variableOf = (name: string): string => name.replace('-', '_').toUpperCase();
export const sourceNameOf = ({ name }: Named): string => `${name}-source`;
/** Its second Kustomization. */
export const edgeNameOf = ({ name }: Named): string => `${name}-edge`;
export const flagNameOf = ({ name }: Named): string => `flag-${name}`;
export const boardNameOf = ({ name }: Named): string => `board-${name}`;
export const askingNameOf = ({ name }: Named): string => `service-${name}`;
export const hostOf = ({ namespace, name }: Named): string => `${name}.${namespace}.example`;
/** The first one is what runs. */
export const kustomizationsOf = (app: Application): readonly string[] =>
  app.carriedBy === 'twice' ? [app.kustomization, edgeNameOf(app)] : [app.kustomization];
