/** All stories, by the file that keeps what is told. */
import type { Stories } from '../teller.ts';
import { bakes } from './bakes.ts';
import { gates } from './gates.ts';
import { requests } from './requests.ts';
import { surroundings } from './surroundings.ts';

export const groups: Readonly<Record<string, Stories>> = { gates, requests, bakes, surroundings };
