// Products, people and orders: all that can be tried without a command line.
import { html, useState, useEffect, useRef } from '../dom.js';
import { t } from '../i18n.js';
import { COMMAND, QUERY, get, write, query, useLoad, usePages, useStream, useFilters } from '../api.js';
import { isStaff } from '../auth.js';
import { money, number } from '../format.js';
import { Head, Card, Table, Loaded, More, Button, Confirmed, Field, Text, Choice, FormDialog, State, Time, Tabs, Empty, Facts, Icon, Failure, Live, Loading, say, labelOf } from '../ui.js';
import { kept } from '../store.js';

const STATUSES = ['PENDING', 'CONFIRMED', 'SHIPPED', 'COMPLETED', 'CANCELLED'];

export default function Shop({ parts, query: search }) {
  if (parts[0] === 'orders' && parts[1]) return html`<${Order} key=${parts[1]} id=${parts[1]} />`;
  if (parts[0] === 'products' && parts[1]) return html`<${Product} key=${parts[1]} id=${parts[1]} />`;
  const current = parts[0] ?? 'products';
  return html`
    <${Head} title=${t('Shop')} lead=${t('Try everything here: register somebody, put products on sale, order, ship.')} />
    <${Tabs} label=${t('Shop')} current=${'#/shop/' + current} tabs=${[
      ['#/shop/products', t('Products')],
      ['#/shop/orders', t('Orders')],
      ['#/shop/users', isStaff() ? t('Users') : t('Registration')],
    ]} />
    ${current === 'orders' ? html`<${Orders} search=${search} />` : current === 'users' ? html`<${Users} id=${parts[1]} />` : html`<${Products} search=${search} />`}`;
}

function Products({ search }) {
  const { chosen, typed, set } = useFilters('#/shop/products', search, ['search', 'sort']);
  const [open, setOpen] = useState(null);
  const [basket, setBasket] = useState({});
  const products = usePages(QUERY, '/api/products' + query({ ...chosen, sort: chosen.sort || '-updatedAt' }), [], { every: 5000 });
  const changed = async (position) => {
    await get(QUERY, '/api/products?limit=1', { after: position }).catch(() => {});
    products.reload();
  };
  const count = Object.values(basket).reduce((sum, item) => sum + item.quantity, 0);
  const put = (product, quantity) => {
    const next = { ...basket, [product.productId]: { product, quantity } };
    if (quantity < 1) delete next[product.productId];
    setBasket(next);
  };
  return html`
    <div class="filters">
      <${Field} label=${t('Search')}><${Text} value=${typed.search} onChange=${set('search')} type="search" placeholder=${t('Part of the name')} /><//>
      <${Field} label=${t('Order by')}><${Choice} value=${typed.sort} onChange=${set('sort')} options=${[['', t('Changed last')], ['name', t('Name')], ['price', t('Price')], ['-stock', t('Stock')], ['productId', t('Number')]]} /><//>
      <div class="actions">
        ${isStaff() && html`<${Button} icon="plus" onClick=${() => setOpen({ what: 'new' })}>${t('New product')}<//>`}
        <${Button} kind="primary" icon="shop" id="place-order" disabled=${!count} onClick=${() => setOpen({ what: 'order' })}>${count ? t('Order {count} items', { count }) : t('Nothing chosen yet')}<//>
      </div>
    </div>
    <${Card} flush>
      <${Loaded} of=${products}>${(data) => html`
        <${Table} label=${t('Products')} id=${(p) => p.productId} rows=${data.items}
          empty=${html`<${Empty} title=${t('No products.')}>${isStaff() ? t('Put the first one on sale with “New product”.') : t('Staff put products on sale.')}<//>`}
          columns=${[
            { label: t('Number'), cell: (p) => p.productId },
            { label: t('Name'), cell: (p) => html`<a class="strong" href=${`#/shop/products/${p.productId}`}>${p.name}</a>` },
            { label: t('Price'), num: true, cell: (p) => money(p.price) },
            { label: t('Stock'), num: true, cell: (p) => number(p.stock) },
            { label: t('Changed'), cell: (p) => html`<${Time} at=${p.updatedAt} />`, class: 'nowrap' },
            { label: t('Quantity'), cell: (p) => html`<input type="number" min="0" max="999" class="quantity" aria-label=${t('Quantity of {name}', { name: p.name })} value=${basket[p.productId]?.quantity ?? 0} onInput=${(e) => put(p, Number(e.target.value))} />` },
            isStaff() && { label: t('Actions'), hidden: true, class: 'act', cell: (p) => html`
              <${Button} kind="small" onClick=${() => setOpen({ what: 'stock', product: p })}>${t('Stock')}<//>
              <${Button} kind="small" onClick=${() => setOpen({ what: 'price', product: p })}>${t('Price')}<//>` },
          ].filter(Boolean)} />
        <${More} pages=${products} />`}<//>
    <//>
    ${open?.what === 'new' && html`<${NewProduct} close=${() => setOpen(null)} changed=${changed} />`}
    ${open?.what === 'stock' && html`<${Change} product=${open.product} field="stock" close=${() => setOpen(null)} changed=${changed} />`}
    ${open?.what === 'price' && html`<${Change} product=${open.product} field="price" close=${() => setOpen(null)} changed=${changed} />`}
    ${open?.what === 'order' && html`<${PlaceOrder} items=${Object.values(basket)} close=${() => setOpen(null)} />`}`;
}

function Product({ id }) {
  const product = useLoad((signal) => get(QUERY, `/api/products/${id}`, { signal }), [id], { every: 3000 });
  return html`
    <${Head} title=${product.data?.name ?? t('Product {id}', { id })} lead=${html`<a href="#/shop/products">${t('All products')}</a>`} />
    <${Card}>
      <${Loaded} of=${product}>${(p) => html`
        <${Facts} of=${[
          [t('Number'), p.productId],
          [t('Price'), money(p.price)],
          [t('Stock'), number(p.stock)],
          [t('Changed'), html`<${Time} at=${p.updatedAt} />`],
          [t('Version'), p.version],
        ]} />`}<//>
    <//>
    ${isStaff() && product.data && html`<${StockHistory} id=${id} version=${product.data.version} />`}`;
}

function StockHistory({ id, version }) {
  const changes = usePages(QUERY, `/api/products/${id}/stock-history`, []);
  const shown = useRef(version);
  useEffect(() => {
    if (shown.current !== version) changes.reload();
    shown.current = version;
  }, [version]);
  return html`
    <${Card} title=${t('How the stock has changed')} flush>
      <${Loaded} of=${changes}>${(data) => html`
        <${Table} label=${t('How the stock has changed')} rows=${data.items}
          empty=${html`<${Empty} title=${t('It has not changed yet.')}>${t('Counting, adjusting and orders change it.')}<//>`}
          columns=${[
            { label: t('Before'), num: true, cell: (c) => number(c.oldStock) },
            { label: t('After'), num: true, cell: (c) => number(c.newStock) },
            { label: t('Reason'), cell: (c) => c.reason ?? html`<span class="faint">–</span>`, class: 'long' },
            { label: t('Order'), cell: (c) => (c.orderId == null ? html`<span class="faint">–</span>` : html`<a href=${`#/shop/orders/${c.orderId}`}>${t('Order {id}', { id: c.orderId })}</a>`), class: 'nowrap' },
            { label: t('Time'), cell: (c) => html`<${Time} at=${c.updatedAt} />`, class: 'nowrap' },
          ]} />
        <${More} pages=${changes} />`}<//>
    <//>`;
}

function NewProduct({ close, changed }) {
  const [name, setName] = useState('');
  const [price, setPrice] = useState('');
  const [stock, setStock] = useState('100');
  const submit = async () => {
    const { body, position } = await write(COMMAND, 'POST', '/api/products', { name, price: Number(price), initialStock: Number(stock) });
    say(t('Product {id} is on sale.', { id: body.productId }));
    changed(position);
  };
  return html`
    <${FormDialog} title=${t('New product')} action=${t('Put on sale')} close=${close} submit=${submit}>
      <div class="fields">
        <${Field} label=${t('Name')} wide><${Text} value=${name} onChange=${setName} required maxlength="200" /><//>
        <${Field} label=${t('Price')}><${Text} value=${price} onChange=${setPrice} type="number" step="any" min="0" required /><//>
        <${Field} label=${t('Stock')}><${Text} value=${stock} onChange=${setStock} type="number" min="0" step="1" required /><//>
      </div>
    <//>`;
}

function Change({ product, field, close, changed }) {
  const [value, setValue] = useState(String(product[field]));
  const submit = async () => {
    const { position } = await write(COMMAND, 'PUT', `/api/products/${product.productId}/${field}`, { [field]: Number(value) });
    say(t('{name} is changed.', { name: product.name }));
    changed(position);
  };
  const stock = field === 'stock';
  return html`
    <${FormDialog} title=${`${product.name}: ${stock ? t('Stock') : t('Price')}`} action=${t('Change')} close=${close} submit=${submit}>
      <${Field} label=${stock ? t('Units that were counted') : t('New price')}><${Text} value=${value} onChange=${setValue} type="number" min="0" step=${stock ? '1' : 'any'} required /><//>
    <//>`;
}

function PlaceOrder({ items, close }) {
  const [user, setUser] = useState(kept.get('user') ?? '');
  const staff = isStaff();
  const submit = async () => {
    const { body, position } = await write(COMMAND, 'POST', '/api/orders', {
      ...(staff ? { userId: Number(user) } : {}),
      items: items.map(({ product, quantity }) => ({ productId: product.productId, quantity })),
    });
    if (staff) kept.set('user', user);
    await get(QUERY, `/api/orders/${body.orderId}`, { after: position }).catch(() => {}); // or it is not there yet
    location.hash = `#/shop/orders/${body.orderId}`;
  };
  return html`
    <${FormDialog} title=${t('Place an order')} action=${t('Order now')} close=${close} submit=${submit}>
      <${Table} label=${t('Items')} rows=${items} columns=${[
        { label: t('Product'), cell: (i) => i.product.name },
        { label: t('Quantity'), num: true, cell: (i) => number(i.quantity) },
        { label: t('Sum'), num: true, cell: (i) => money(i.quantity * i.product.price) },
      ]} />
      ${staff && html`<p></p><${Field} label=${t('For user number')} hint=${t('Register somebody under “Users” to get a number.')}><${Text} value=${user} onChange=${setUser} type="number" min="1" required /><//>`}
      <p class="hint">${t('The shop’s own prices count, at the moment of ordering.')}</p>
    <//>`;
}

function Orders({ search }) {
  const { chosen, typed, set } = useFilters('#/shop/orders', search, ['status', 'user']);
  const orders = usePages(QUERY, '/api/orders' + query({ status: chosen.status, userId: chosen.user }), [], { every: 3000 });
  return html`
    <div class="filters">
      <${Field} label=${t('Status')}><${Choice} value=${typed.status} onChange=${set('status')} options=${[['', t('All')], ...STATUSES.map((s) => [s, labelOf(s)])]} /><//>
      ${isStaff() && html`<${Field} label=${t('User number')}><${Text} value=${typed.user} onChange=${(v) => set('user')(v.replace(/\D/g, ''))} inputmode="numeric" /><//>`}
    </div>
    <${Card} flush>
      <${Loaded} of=${orders}>${(data) => html`
        <${Table} label=${t('Orders')} rows=${data.items} id=${(o) => o.orderId}
          empty=${html`<${Empty} title=${t('No orders.')}><a href="#/shop/products">${t('Choose products and place one.')}</a><//>`}
          columns=${[
            { label: t('Order'), cell: (o) => html`<a href=${`#/shop/orders/${o.orderId}`}>${t('Order {id}', { id: o.orderId })}</a>`, class: 'nowrap' },
            { label: t('Status'), cell: (o) => html`<${State} of=${o.status} />` },
            { label: t('User'), num: true, cell: (o) => html`<a href=${`#/shop/users/${o.userId}`} aria-label=${t('User {id}', { id: o.userId })}>${o.userId}</a>` },
            { label: t('Items'), cell: (o) => html`<span class="clip">${o.items.map((i) => `${i.quantity} × ${i.productName}`).join(', ')}</span>` },
            { label: t('Amount'), num: true, cell: (o) => money(o.totalAmount) },
            { label: t('Placed'), cell: (o) => html`<${Time} at=${o.createdAt} />`, class: 'nowrap' },
          ]} />
        <${More} pages=${orders} />`}<//>
    <//>`;
}

const WAY = ['PENDING', 'CONFIRMED', 'SHIPPED', 'COMPLETED'];

function Order({ id }) {
  const stream = useStream(QUERY, `/api/orders/${id}/stream`, { until: (o) => ['COMPLETED', 'CANCELLED'].includes(o.status) });
  const order = stream.data;
  const history = useLoad((signal) => get(QUERY, `/api/orders/${id}/history`, { signal }), [id, order?.version]);
  const title = t('Order {id}', { id });
  const back = html`<a href="#/shop/orders">${t('All orders')}</a>`;
  if (!order) return html`<${Head} title=${title} lead=${back} />${stream.error ? html`<${Failure} error=${stream.error} />` : html`<${Loading} of=${stream} />`}`;
  const ended = ['COMPLETED', 'CANCELLED'].includes(order.status);
  const act = (what, body) => () => write(COMMAND, 'POST', `/api/orders/${id}/${what}`, body);
  const reached = WAY.indexOf(order.status);
  return html`
    <${Head} title=${title} lead=${back}>
      ${isStaff() && order.status === 'CONFIRMED' && html`<${Confirmed} kind="primary" title=${t('Ship')} text=${t('The goods leave the house. The customer gets an email.')} run=${act('shipment')} done=${t('Shipped.')}>${t('Ship')}<//>`}
      ${isStaff() && order.status === 'SHIPPED' && html`<${Confirmed} kind="primary" title=${t('Complete')} text=${t('The goods have arrived. The order ends here.')} run=${act('completion')} done=${t('Completed.')}>${t('Complete')}<//>`}
      ${['PENDING', 'CONFIRMED'].includes(order.status) && html`<${Cancel} run=${(reason) => act('cancellation', { reason })()} />`}
    <//>
    <${Card} title=${t('Status')} actions=${ended ? null : html`<${Live} of=${stream} />`}>
      ${stream.ended && html`<${Failure} error=${stream.error} />`}
      <ol class="steps" aria-label=${t('Way of the order')}>
        ${order.status === 'CANCELLED'
          ? html`<li class="done"><${Dot} />${labelOf('PENDING')}</li><li class="ended" aria-current="step"><${Dot} bad />${labelOf('CANCELLED')}</li>`
          : WAY.map((step, index) => html`<li class=${index <= reached ? 'done' : ''} aria-current=${index === reached ? 'step' : undefined}><${Dot} />${labelOf(step)}</li>`)}
      </ol>
      <p id="order-status" aria-live="polite"><${State} of=${order.status} />${order.cancellationReason && html` ${order.cancellationReason}`}</p>
    <//>
    <div class="columns">
      <${Card} title=${t('Items')}>
        <${Table} label=${t('Items')} rows=${order.items} columns=${[
          { label: t('Product'), cell: (i) => html`<a href=${`#/shop/products/${i.productId}`}>${i.productName}</a>` },
          { label: t('Quantity'), num: true, cell: (i) => number(i.quantity) },
          { label: t('Unit price'), num: true, cell: (i) => money(i.unitPrice) },
          { label: t('Sum'), num: true, cell: (i) => money(i.unitPrice * i.quantity) },
        ]} />
        <p></p>
        <${Facts} of=${[
          [t('Amount'), html`<strong>${money(order.totalAmount)}</strong>`],
          [t('User'), html`<a href=${`#/shop/users/${order.userId}`}>${t('User {id}', { id: order.userId })}</a>`],
          [t('Placed'), html`<${Time} at=${order.createdAt} />`],
          [t('Version'), order.version],
          isStaff() && [t('Mails'), html`<a href=${`#/mails?orderId=${id}`}>${t('Mails of this order')}</a>`],
        ]} />
      <//>
      <${Card} title=${t('History')}>
        <${Loaded} of=${history}>${(data) => html`
          <ol class="timeline">${data.items.map((entry) => html`
            <li key=${entry.version}><span class="strong">${entry.type}</span> <span class="when"><${Time} at=${entry.at} /></span>
              <div class="faint">${Object.entries(entry.details ?? {}).filter(([, v]) => typeof v !== 'object').map(([k, v]) => `${k}: ${v}`).join(' · ')}</div></li>`)}</ol>`}<//>
      <//>
    </div>`;
}

const Dot = ({ bad }) => html`<span class="dot"><${Icon} name=${bad ? 'close' : 'ok'} size=${11} /></span>`;

function Cancel({ run }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  return html`
    <${Button} kind="danger" onClick=${() => setOpen(true)}>${t('Cancel the order')}<//>
    ${open && html`
      <${FormDialog} title=${t('Cancel the order')} action=${t('Cancel the order')} danger close=${() => setOpen(false)} submit=${async () => { await run(reason); say(t('Cancelled.')); }}>
        <${Field} label=${t('Reason')} hint=${t('The customer reads it in an email.')}><${Text} value=${reason} onChange=${setReason} required maxlength="500" /><//>
      <//>`}`;
}

function Users({ id }) {
  const [email, setEmail] = useState('');
  const [fullName, setFullName] = useState('');
  const [locale, setLocale] = useState('en');
  const [number, setNumber] = useState('');
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const register = async (e) => {
    e.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { body, position } = await write(COMMAND, 'POST', '/api/users', { email, fullName, locale });
      kept.set('user', String(body.userId));
      say(t('User {id} is registered.', { id: body.userId }));
      setEmail('');
      setFullName('');
      await get(QUERY, `/api/users/${body.userId}`, { after: position }).catch(() => {});
      location.hash = `#/shop/users/${body.userId}`;
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return html`
    <div class="columns even">
      <${Card} title=${t('Register')}>
        <form onSubmit=${register}>
          <div class="fields">
            <${Field} label=${t('Email')} wide><${Text} type="email" value=${email} onChange=${setEmail} required maxlength="254" /><//>
            <${Field} label=${t('Full name')}><${Text} value=${fullName} onChange=${setFullName} required maxlength="200" /><//>
            <${Field} label=${t('Language of emails')}><${Choice} value=${locale} onChange=${setLocale} options=${[['en', 'English'], ['vi', 'Tiếng Việt']]} /><//>
          </div>
          ${error && html`<${Failure} error=${error} />`}
          <div class="buttons"><${Button} type="submit" kind="primary" busy=${busy}>${t('Register')}<//></div>
        </form>
      <//>
      <div>
        ${isStaff() && html`<${Card} title=${t('Find a user')}>
          <form class="filters" onSubmit=${(e) => { e.preventDefault(); if (number) location.hash = `#/shop/users/${number}`; }}>
            <${Field} label=${t('User number')}><${Text} value=${number} onChange=${(v) => setNumber(v.replace(/\D/g, ''))} inputmode="numeric" /><//>
            <${Button} type="submit">${t('Show')}<//>
          </form>
        <//>`}
        ${id && html`<${User} key=${id} id=${id} />`}
      </div>
    </div>`;
}

function User({ id }) {
  const user = useLoad((signal) => get(QUERY, `/api/users/${id}`, { signal }), [id]);
  return html`
    <${Card} title=${t('User {id}', { id })}>
      <${Loaded} of=${user}>${(u) => html`
        <${Facts} of=${[
          [t('Full name'), u.erased ? t('erased') : u.fullName],
          [t('Email'), u.erased ? t('erased') : u.email],
          [t('Registered'), html`<${Time} at=${u.registeredAt} />`],
          [t('Orders'), html`<a href=${`#/shop/orders?user=${id}`}>${t('Orders of this user')}</a>`],
          isStaff() && [t('Mails'), html`<a href=${`#/mails?userId=${id}`}>${t('Mails to this user')}</a>`],
        ]} />`}<//>
    <//>`;
}
