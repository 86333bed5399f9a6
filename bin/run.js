#!/usr/bin/env node
// The plugin by itself, without the sf CLI: for work on it.
import { execute } from '@oclif/core';

await execute({ dir: import.meta.url });
