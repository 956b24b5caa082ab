// Search of the built site: takes the place of the library that smalldocs calls, with the same two methods.
// A page is worth what its title, description and headings say of the query, then how much of its text does: whole words count
// more than beginnings of words, words that stand together as in the query more than words apart.
window.Fuse = class {
  constructor(entries) {  // sections of pages: {title, section, text, href}; a page's first section holds its description
    this.pages = new Map()
    for (const item of entries) {
      const key = item.href.split('#')[0], page = this.pages.get(key) || {title: this.words(item.title), sections: []}
      this.pages.set(key, page)
      page.sections.push({item, head: this.words(item.section || item.title), text: this.words(item.text)})
    }
  }
  words(s) {  // ' classifier free guidance ': plural and spelling with - or _ do not matter
    const split = s.replace(/([a-z])([A-Z][a-z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9α-ω]+/)
    return ` ${split.filter(Boolean).map(o => o.length > 3 ? o.replace(/([^s])s$/, '$1') : o).join(' ')} `
  }
  count(text, words) {  // as whole words, and as beginnings of words for .3 each
    const whole = text.split(` ${words} `).length - 1
    return whole + .3 * (text.split(` ${words}`).length - 1 - whole)
  }
  search(query, {limit = 20} = {}) {
    const phrase = this.words(query).trim(), terms = [...new Set(phrase.split(' '))], all = [...this.pages.values()], found = []
    if (!phrase) return []
    const much = n => n / (n + 2)  // the second time says less than the first
    const holds = (page, term) => this.count(page.title, term) || page.sections.some(o => this.count(o.head + o.text, term))
    const rare = new Map(terms.map(t => [t, Math.log(1 + all.length / (1 + all.filter(p => holds(p, t)).length))]))
    const worth = (text, most) => terms.reduce((sum, t) => sum + rare.get(t) * most(this.count(text, t)), 0) / 2
      + terms.length * 2 * most(this.count(text, phrase))
    const once = n => Math.min(n, 1)
    const some_hold = all.filter(p => terms.some(t => holds(p, t))), all_hold = some_hold.filter(p => terms.every(t => holds(p, t)))
    for (const page of all_hold.length ? all_hold : some_hold) {
      const parts = page.sections.map((o, i) => ({item: o.item, score: 2 * worth(o.head, once) + (i ? 1 : 1.5) * worth(o.text, much)}))
      const best = parts.sort((a, b) => b.score - a.score).slice(0, 3).filter(o => o.score)
      const score = 3 * worth(page.title, once) + best.reduce((sum, o, i) => sum + o.score / (i + 1), 0)
      found.push({score, best})
    }
    return found.sort((a, b) => b.score - a.score).flatMap(o => o.best).slice(0, limit)
  }
}
