#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// JavaScript, so that nothing is compiled before this line: what was compiled once starts sooner, and the compiler is not loaded at all.
enableCompileCache()
await import('./command-line.ts')
