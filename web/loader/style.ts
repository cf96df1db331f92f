/** The icon is black or white by the lightness of whatever colour is chosen (Lab's `l` 49 is WCAG's luminance 0.18): at least 4.5:1. */
export const style = `
:host{all:initial!important;position:fixed!important;z-index:var(--z)!important;color-scheme:var(--s)!important}
button,iframe{position:fixed;bottom:var(--y);right:var(--x);transition:.2s}
.left>*{right:auto!important;left:var(--x)}
button{width:56px;height:56px;border:0;border-radius:50%;padding:0;cursor:pointer;background:var(--a);color:lab(from var(--a) clamp(0,(49 - l)*99,100) 0 0);box-shadow:0 1px 4px #0003,0 8px 24px #0003}
button:hover{transform:scale(1.06)}
button:focus-visible{outline:3px solid var(--a);outline-offset:3px;box-shadow:0 0 0 3px #fff}
button::before{content:'';position:absolute;inset:16px;background:currentColor;forced-color-adjust:none;clip-path:path('M12 2a10 10 0 0 0-8.6 15L2 22l5-1.4A10 10 0 1 0 12 2z')}
.open>button::before{clip-path:path('M12 17 3 8l2-2 7 7 7-7 2 2z')}
span{position:absolute;top:-5px;right:-5px;min-width:10px;padding:0 5px;border-radius:10px;background:#c8201a;color:#fff;font:600 12px/20px system-ui;text-align:center}
span:empty,.open span,.bare>button{display:none}
iframe{bottom:calc(var(--y) + 72px);width:400px;max-width:calc(100vw - 2*var(--x));height:min(704px,100dvh - var(--y) - 92px);border:0;outline:0;border-radius:18px;background:light-dark(#fff,#16171b);box-shadow:0 0 0 1px #8882,0 4px 12px #0002,0 16px 56px #0004;visibility:hidden;opacity:0;transform:translateY(16px) scale(.98)}
.bare>iframe{bottom:var(--y);height:min(704px,100dvh - var(--y) - 20px)}
.open>iframe{visibility:visible;opacity:1;transform:none}
@media(max-width:480px){iframe,.left>iframe,.bare>iframe{inset:0!important;width:100%;max-width:none;height:100%;border-radius:0}.open>button{display:none}}
@media(prefers-reduced-motion){*{transition:none!important}}
`
