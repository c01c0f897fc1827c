// The script of the bill page. It shows the amount to collect while the bill is typed, and redeems without the
// page that confirms. It reads a bill like `Fen::from_yuan` and splits it like `Discount::apply`. A text that is
// not a bill goes to the server, whose page says why. page.rs removes comments and optional white space.
const form = document.forms[0];
const { bill: typed, fen, sum, saved, action } = form;
const { off, max } = form.dataset;
const yuan = (amount) => "¥" + (amount / 100).toFixed(2).replace(/\d(?=(\d{3})+\.)/g, "$&,");
const show = () => {
  // The server reads 64 characters. White space is as in Rust: with U+0085, without U+FEFF.
  const text = typed.value
    .slice(0, 64)
    .replace(/[^\S\ufeff]|\x85/g, " ")
    .replace(/[０-９]/g, (digit) => digit.charCodeAt() - 65296);
  const [, whole, part = ""] = /^ *[¥￥]* *(\d{1,12})(?:[.。．](\d{0,2}))? *元* *$/.exec(text) || [];
  const bill = +(whole + part.padEnd(2, 0));
  const saving = Math.floor((bill * off) / 1000);
  const payable = bill - saving;
  const valid = bill > 0 && bill <= max;
  fen.value = valid ? bill : "";
  sum.value = valid ? yuan(payable) : "–";
  sum.className = !valid ? "sum none" : payable >= 1e6 ? "sum long-sum" : "sum";
  saved.value = valid ? yuan(saving) : "–";
};
typed.oninput = onpageshow = show;
form.onsubmit = () => {
  [typed.name, fen.name, form.action] = fen.value ? ["", "bill", action + "/confirm"] : ["bill", "", action];
};
show();
form.className = "on";
