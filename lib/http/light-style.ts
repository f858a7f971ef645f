/**
 * The style of the light pages: phone first, dark where the system is, nothing to download. The last lines are
 * for narrow phones, and for those whose owner has made text so large that few words fit into a line.
 */
export const lightStyle = `
:root{color-scheme:light dark;--ground:#f6f7f9;--paper:#fff;--ink:#16202c;--quiet:#52606f;--line:#d9dfe6;--brand:#0b5cad;--on-brand:#fff;--good:#0f6b3d;--good-ground:#e7f5ed;--problem:#9a3412;--problem-ground:#fdf1e7}
@media (prefers-color-scheme:dark){:root{--ground:#10151b;--paper:#1a212a;--ink:#eef2f6;--quiet:#a9b4c0;--line:#36414d;--brand:#7ab8f5;--on-brand:#0b1a2a;--good:#6ee7a8;--good-ground:#12301f;--problem:#fdba74;--problem-ground:#33200f}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
body.good{background:var(--good-ground)}
main{max-width:30rem;margin:0 auto;padding:1.25rem 1rem 3rem}
@media (min-height:640px){main{padding-top:8vh}}
.card{background:var(--paper);border:1px solid var(--line);border-radius:1rem;padding:1.5rem 1.25rem;text-align:center}
.card.left{text-align:left}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 .75rem;overflow-wrap:anywhere;hyphens:auto;text-wrap:balance}
p{margin:.5rem 0;overflow-wrap:anywhere}
strong{font-weight:650}
.quiet,small{color:var(--quiet)}
small{font-size:.875rem}
.mark{display:block;width:5rem;height:5rem;margin:0 auto .75rem;border-radius:50%;background:var(--problem-ground);color:var(--problem)}
.mark svg{width:100%;height:100%;padding:1.1rem;display:block}
.good .mark{background:var(--good);color:var(--paper)}
.plain .mark{background:var(--ground);color:var(--brand)}
.good h1{color:var(--good)}
form{margin:1.25rem 0 0}
button,.button{display:block;width:100%;min-height:3.5rem;padding:.9rem 1rem;border:0;border-radius:.75rem;background:var(--brand);color:var(--on-brand);font:inherit;font-weight:650;font-size:1.125rem;line-height:1.4;text-align:center;text-decoration:none;cursor:pointer;overflow-wrap:anywhere}
button.second,.button.second{background:transparent;color:var(--brand);border:1px solid var(--line);font-size:1rem;min-height:3rem}
button.link{display:inline-block;width:auto;min-height:3rem;background:none;color:var(--brand);text-decoration:underline;font-size:1rem;font-weight:400;padding:.5rem 1rem}
a{color:var(--brand)}
:focus-visible{outline:3px solid var(--brand);outline-offset:3px}
input[type=text]{display:block;width:100%;min-height:3.5rem;padding:.5rem .75rem;border:1px solid var(--quiet);border-radius:.75rem;background:var(--paper);color:var(--ink);font:inherit;font-size:1.75rem;letter-spacing:.12em;text-align:center;text-transform:uppercase}
input[type=text]::placeholder{color:var(--quiet);opacity:.7}
label{display:block;margin:.5rem 0;text-align:left}
summary{min-height:3rem;padding:.75rem 0;color:var(--brand);cursor:pointer}
[data-where]{margin-bottom:1rem;text-align:left}[data-where] p{font-size:.875rem;color:var(--quiet)}
label.tick{display:flex;gap:.75rem;align-items:flex-start;padding:.75rem 0}
fieldset{margin:.75rem 0 0;padding:.5rem 0 0;border:0;border-top:1px solid var(--line)}legend{float:left;width:100%;font-weight:650}legend+*{clear:both}
input[type=checkbox],input[type=radio]{width:1.5rem;height:1.5rem;margin:0;accent-color:var(--brand);flex:none}
dl{margin:1rem 0;padding:.75rem 1rem;border-radius:.75rem;background:var(--ground);text-align:left;display:grid;grid-template-columns:auto minmax(0,1fr);gap:.25rem 1rem}
.who~dl{grid-template-columns:minmax(min-content,1fr) auto}
dt{color:var(--quiet)}dd{margin:0;text-align:right;font-weight:600;overflow-wrap:anywhere}
p>.button,p>button{margin-top:1.25rem}
.whole{white-space:nowrap}
.who{font-size:1.25rem;font-weight:650}
code.big{display:inline-block;font-size:2rem;font-weight:700;letter-spacing:.06em;user-select:all}
.foot{margin-top:1.25rem;text-align:center;font-size:.875rem;color:var(--quiet)}
.foot code{font-size:.875rem;user-select:all}
@media (max-width:21rem){dl,.who~dl{grid-template-columns:minmax(0,1fr)}dt,dd{text-align:center}}
@media (max-width:18rem){main{padding:.75rem .5rem 2rem}.card{padding:1rem .75rem}h1,code.big,input[type=text]{font-size:1.125rem;letter-spacing:0}button,.button{font-size:1rem;padding:.75rem .5rem}.mark{width:3.5rem;height:3.5rem}.mark svg{padding:.75rem}dl{padding:.5rem .75rem}}
`
  .replace(/\n/g, '')
  .trim();
