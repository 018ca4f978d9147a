import { expect } from 'chai';
import { html } from '../src/html.js';

describe('html', () => {
  it('escapes what could end a text or an attribute, both quotes included', () => {
    const value = `"><script>alert('&')</script>`;
    expect(String(html`<p title="${value}">${value}</p>`)).to.equal(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</p>',
    );
  });

  it('leaves its own markup as it is, one or many, and nothing that only looks like it', () => {
    const item = (text: string) => html`<b>${text}</b>`;
    expect(String(html`${['a', '<i>'].map(item)}${item('c')}`)).to.equal('<b>a</b><b>&lt;i&gt;</b><b>c</b>');
    const lookalike = { toString: () => '<b>' };
    expect(String(html`${lookalike as never}`)).to.equal('&lt;b&gt;');
  });
});
