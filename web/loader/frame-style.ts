/** What the launcher's own style does not need before the Messenger is opened for the first time. */
export const frameStyle = `
iframe{position:fixed;right:var(--x);transition:.2s;bottom:calc(var(--y) + 72px);width:400px;max-width:calc(100vw - 2*var(--x));height:min(704px,100dvh - var(--y) - 92px);border:0;outline:0;border-radius:18px;background:light-dark(#fff,#16171b);box-shadow:0 0 0 1px #8882,0 4px 12px #0002,0 16px 56px #0004;visibility:hidden;opacity:0;transform:translateY(16px) scale(.98)}
.bare>iframe{bottom:var(--y);height:min(704px,100dvh - var(--y) - 20px)}
.open>iframe{visibility:visible;opacity:1;transform:none}
.open>button::before{clip-path:path('M12 17 3 8l2-2 7 7 7-7 2 2z')}
.open span{display:none}
@media(max-width:480px){iframe,.left>iframe,.bare>iframe{inset:0!important;width:100%;max-width:none;height:100%;border-radius:0}.open>button{display:none}}
@media(prefers-reduced-motion){iframe{transition:none}}
`
