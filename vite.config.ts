import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { defineConfig } from 'vite'

/** Fields of the loader's own records; none is a name of the wire, of the DOM or of a page's settings. */
const LOADER_ONLY = /^(view|answer|flight|leaving|wish|turn|listeners|panel|isOpen|updates|badge|channel|stream|button|root)$/

/** At their best, and here: in the server the compressor would leave 20 MB to the threads it ran on. */
function compressAll() {
  for (const file of globSync('dist/web/**/*.{js,css}')) {
    const bytes = readFileSync(file)
    writeFileSync(`${file}.br`, brotliCompressSync(bytes))
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

/** One `vite build`: the loader (one script without a hash), the three parts it fetches when they are needed (what opens its frame, reads its stream, explains a fault), the page that takes a token from behind the `#`, the Messenger frame and the teammates' app (hashed, each with a manifest). */
export default defineConfig({
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { target: 'es2022', emptyOutDir: false, reportCompressedSize: false, modulePreload: false },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) await builder.build(environment)
      compressAll()
    },
  },
  environments: {
    client: {
      build: {
        outDir: 'dist/web',
        assetsInlineLimit: 0,
        manifest: true,
        emptyOutDir: true,
        rolldownOptions: { input: 'web/messenger/main.tsx' },
      },
    },
    inbox: {
      consumer: 'client',
      build: {
        outDir: 'dist/web',
        assetsDir: 'team',
        assetsInlineLimit: 0,
        manifest: '.vite/inbox-manifest.json',
        rolldownOptions: { input: 'web/inbox/main.tsx' },
      },
    },
    loader: {
      consumer: 'client',
      build: {
        outDir: 'dist/web',
        rolldownOptions: {
          input: 'web/loader/main.ts',
          output: { format: 'iife', entryFileNames: 'messenger.js', minify: { mangleProps: { include: LOADER_ONLY } } },
        },
      },
    },
    login: {
      consumer: 'client',
      build: {
        outDir: 'dist/web',
        rolldownOptions: { input: 'web/login/fragment.ts', output: { format: 'iife', entryFileNames: 'login-fragment.js' } },
      },
    },
    diagnosis: {
      consumer: 'client',
      build: {
        outDir: 'dist/web',
        rolldownOptions: {
          input: 'web/loader/diagnosis.ts',
          preserveEntrySignatures: 'strict',
          output: { format: 'es', entryFileNames: 'messenger-diagnosis.js' },
        },
      },
    },
    panel: {
      consumer: 'client',
      build: {
        outDir: 'dist/web',
        rolldownOptions: {
          input: 'web/loader/frame.ts',
          preserveEntrySignatures: 'strict',
          output: { format: 'es', entryFileNames: 'messenger-panel.js' },
        },
      },
    },
    live: {
      consumer: 'client',
      build: {
        outDir: 'dist/web',
        rolldownOptions: {
          input: 'web/loader/stream.ts',
          preserveEntrySignatures: 'strict',
          output: { format: 'es', entryFileNames: 'messenger-live.js' },
        },
      },
    },
  },
})
