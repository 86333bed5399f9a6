import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const bundleDirectory = fileURLToPath(new URL('../../deploy/databricks', import.meta.url));

export const bundleFile = (path: string): string => join(bundleDirectory, path);
