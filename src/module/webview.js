// The page for a native app's WebView, on the backend's own origin. It uses the app's bridge, whichever it
// is. It reads nothing from the address, so a link cannot send the member's token elsewhere.
import { androidChannel, embed, iosChannel, jsBridgeChannel } from "./bridge.js";

const channel = androidChannel() ?? iosChannel() ?? jsBridgeChannel();
embed(document.getElementById("member-page"), channel, { pageUrl: new URL("/", location.href).href });
