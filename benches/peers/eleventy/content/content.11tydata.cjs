// `content/` is no part of an address.
module.exports = {
  permalink: (data) => `${data.page.filePathStem.replace(/^\/content/, "").replace(/\/index$/, "")}/index.html`,
};
