// The page for a native app's WebView, at the backend's own origin: whichever bridge the app has is used. Nothing is taken
// from the address, so that no link can lead the member's token elsewhere.
import { androidChannel, embed, iosChannel, jsBridgeChannel } from "./bridge.js";

const channel = androidChannel() ?? iosChannel() ?? jsBridgeChannel();
embed(document.getElementById("member-page"), channel, { pageUrl: new URL("/", location.href).href });
