/** The icon is black or white by the lightness of whatever colour is chosen (Lab's `l` 49 is WCAG's luminance 0.18): at least 4.5:1. */
export const style = `
:host{all:initial!important;position:fixed!important;z-index:var(--z)!important;color-scheme:var(--s)!important}
.left>*{right:auto!important;left:var(--x)}
button{position:fixed;bottom:var(--y);right:var(--x);transition:.2s;width:56px;height:56px;border:0;border-radius:50%;padding:0;cursor:pointer;background:var(--a);color:lab(from var(--a) clamp(0,(49 - l)*99,100) 0 0);box-shadow:0 1px 4px #0003,0 8px 24px #0003}
button:hover{transform:scale(1.06)}
button:focus-visible{outline:3px solid var(--a);outline-offset:3px;box-shadow:0 0 0 3px #fff}
button::before{content:'';position:absolute;inset:16px;background:currentColor;forced-color-adjust:none;clip-path:path('M12 2a10 10 0 0 0-8.6 15L2 22l5-1.4A10 10 0 1 0 12 2z')}
span{position:absolute;top:-5px;right:-5px;min-width:10px;padding:0 5px;border-radius:10px;background:#c8201a;color:#fff;font:600 12px/20px system-ui;text-align:center}
span:empty,.bare>button{display:none}
@media(prefers-reduced-motion){*{transition:none!important}}
`
