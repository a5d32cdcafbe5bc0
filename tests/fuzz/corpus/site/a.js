import("./chunk-1.js"); self.m = ["static/chunks/pages/x-1.js?v=2"]; n = e => "a/" + e + ".js"
//# sourceMappingURL=a.js.map
