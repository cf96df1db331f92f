#!/usr/bin/env node
import { enableCompileCache, flushCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'

// Nearly all that a start makes stays. The space for what is new would grow to its full size for it, 30 MB that an idle server keeps.
setFlagsFromString('--semi-space-growth-factor=1')
// JavaScript, so that nothing is compiled before this line: what was compiled once starts sooner, and the compiler is not loaded at all.
enableCompileCache()
await import('./command-line.ts')
// From here on it grows with the load, as by default. What was compiled is valid for the flags it was compiled under, so it is stored before they change.
flushCompileCache()
setFlagsFromString('--semi-space-growth-factor=2')
