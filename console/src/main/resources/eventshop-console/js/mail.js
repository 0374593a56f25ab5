// Shows the email that the page around this frame hands in. Scripts in it don't run, and nothing is loaded for it.
window.addEventListener('message', (message) => {
  if (message.source !== window.parent || typeof message.data !== 'string') {
    return;
  }
  const mail = new DOMParser().parseFromString(message.data, 'text/html');
  document.documentElement.lang = mail.documentElement.lang || 'en';
  document.body.replaceChildren(...mail.head.querySelectorAll('style'), ...mail.body.childNodes);
  document.body.style.cssText = mail.body.style.cssText;
  document.querySelectorAll('a[href]').forEach((link) => link.removeAttribute('href'));
});
window.parent.postMessage('mail-frame-ready', '*');
