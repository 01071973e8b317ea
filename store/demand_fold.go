package store

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"sync"
	"time"
	"unique"

	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// How many records of each log are read at a time, and after how many of them, or
// of documents that they change, a turn is written.
const (
	foldPage      = 500
	foldTurn      = 16 * foldPage
	foldDocuments = 64
	foldNames     = 50_000 // rows of figures, some 200 bytes each

	// mostUnwritten is how many asks are counted in memory alone: after a crash as many records are opened again.
	mostUnwritten = 1000
)

// Fold takes up every ask that has been settled since the last time.
func (d *Demand) Fold(ctx context.Context) error { return d.foldAll(ctx, true) }

// foldAll takes up every ask; unless write, their days stay in memory where they can. A look after one more ask takes
// 6 µs so on a day of 4,000 keywords, and 4.8 ms where the day is written (BenchmarkLook).
func (d *Demand) foldAll(ctx context.Context, write bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hand.beginFold()
	for {
		if some, err := d.foldOnce(ctx, write); err != nil || !some {
			return err
		}
	}
}

// foldOnce folds a turn; false if there was nothing left.
func (d *Demand) foldOnce(ctx context.Context, write bool) (some bool, err error) {
	const op = "fold demand"
	at, err := findDocument[reached](ctx, d.backend, demandReached, op)
	if err != nil {
		return false, err
	}
	f := &demandFold{Demand: d, now: d.clock(), next: at.value, days: map[dayPlace]*document[demandDay]{},
		sums: map[dayPlace]*figureDay{}, pages: map[string]*document[demandPage]{}, salts: map[string]salt{}, counted: map[dayPlace]bool{}}
	// What it counts is not written yet: who breaks off leaves nothing to go on with.
	if former := d.former; former.revision == at.revision {
		if f.former = former; former.unwritten > 0 {
			f.next, f.days, f.sums, f.names = former.next, former.days, former.sums, former.countNames()
		}
	}
	d.former = formerFold{}
	begin, unwritten := f.next, f.former.unwritten
	for n := 0; n < foldTurn && len(f.days)+len(f.pages) < foldDocuments && f.names < foldNames; {
		asks, err := d.asks.Read(ctx, f.next.Asks, foldPage)
		if err != nil {
			return false, backendError(op, err)
		}
		counts, err := d.counts.Read(ctx, f.next.Counts, foldPage)
		if err != nil {
			return false, backendError(op, err)
		}
		if len(asks)+len(counts) == 0 {
			d.hand.endFold()
			break
		}
		if err := f.foldRecords(ctx, asks, counts); err != nil {
			return false, err
		}
		n += len(asks) + len(counts)
		unwritten += len(asks) + len(counts)
	}
	switch {
	case f.next == at.value, !write && f.next == begin:
		d.former = f.former
		return false, nil
	case !write && unwritten < mostUnwritten && f.canWait():
		return true, f.keepUnwritten(ctx, at.revision, unwritten)
	}
	return true, f.writeFold(ctx, uint64(at.revision))
}

// foldedAsk is what is read of a record.
type foldedAsk struct {
	settledAsk
	Reader who.Key `json:"reader,omitempty"`
	// Erased: its reader was, and it is a count alone.
	Erased bool `json:"erased,omitempty"`
	// slot is the reader's key, where the record is sealed with it.
	slot Slot
}

// decodeFoldedAsk reads a record, or what was left of one.
func decodeFoldedAsk(plain []byte) (a foldedAsk, err error) {
	if len(plain) > 0 && plain[0] == '{' {
		if err := json.Unmarshal(plain, &a); err != nil {
			return a, fmt.Errorf("decode record: %w", err)
		}
		return a, nil
	}
	r, err := pipeline.DecodeRecord(plain)
	return foldedAsk{settledAsk: settledAsk{Publisher: r.Publisher, Trace: r.Trace}, Reader: r.Reader}, err
}

// isCountedHere says that it is counted here: records of readers who have not agreed
// are counted by their note, and versions before these notes wrote no reader.
func (a *foldedAsk) isCountedHere() bool { return a.Reader != "" || a.Erased }

// dayPlace is a day of a publisher.
type dayPlace struct {
	publisher string
	day       int
}

// demandFold is one turn of a fold.
type demandFold struct {
	*Demand
	now   time.Time
	next  reached
	days  map[dayPlace]*document[demandDay]
	sums  map[dayPlace]*figureDay
	names int
	pages map[string]*document[demandPage]
	salts map[string]salt
	// former is what the fold before wrote, where nobody has written since.
	former formerFold
	// counted are the days on which something was counted.
	counted map[dayPlace]bool
}

// formerFold is what a fold wrote of days, for the next one, which counts most often on the same day. Its
// revision is that of how far folds have written. Where asks are counted in it that are not written, next is how far it
// came; whatever ends it, the log has them still.
type formerFold struct {
	revision  Revision
	days      map[dayPlace]*document[demandDay]
	sums      map[dayPlace]*figureDay
	unwritten int
	next      reached
}

// countNames returns how many rows of keywords and sources it holds.
func (f *formerFold) countNames() (n int) {
	for _, day := range f.sums {
		for _, named := range day.named {
			n += len(named.rows)
		}
	}
	return n
}

func (f *demandFold) foldRecords(ctx context.Context, asks, counts []Record) error {
	for _, r := range asks {
		a, ok, err := f.askOfRecord(r)
		if err != nil {
			return err
		}
		if ok {
			if err := f.foldAsk(ctx, r.Position, a); err != nil {
				return err
			}
		}
		f.next.Asks = r.Position + 1
	}
	for _, r := range counts {
		a, ok, err := f.openAsk(countsLog, r)
		if err != nil {
			return err
		}
		if ok {
			if err := f.foldBareAsk(ctx, r.Position, a); err != nil {
				return err
			}
		}
		f.next.Counts = r.Position + 1
	}
	return nil
}

// askOfRecord returns the ask of a record, as it is at hand or opened, or false if it does
// not count.
func (f *demandFold) askOfRecord(r Record) (a foldedAsk, ok bool, err error) {
	if a, ok = f.hand.findAsk(r); ok {
		a, ok = f.setDay(a)
		return a, ok, nil
	}
	a, ok, err = f.openAsk(asksLog, r)
	return a, ok && a.isCountedHere(), err
}

// openAsk reads a record; false if nothing of it is kept or can be read any
// more, or where it is too old.
func (f *demandFold) openAsk(log string, r Record) (a foldedAsk, ok bool, err error) {
	plain, err := openRecord(f.sealer, log, r)
	if err != nil || plain == nil {
		return a, false, err
	}
	if a, err = decodeFoldedAsk(plain); err != nil {
		f.logger.Warn("a record could not be read and is not counted", "record", r.ID, "error", err)
		return a, false, nil
	}
	a.slot, _ = f.sealer.Owner(r.Data)
	a, ok = f.setDay(a)
	return a, ok, nil
}

// setDay puts an ask into its publisher's day; false if that is too long ago.
func (f *demandFold) setDay(a foldedAsk) (foldedAsk, bool) {
	// A clock that was set back leaves asks of a time to come.
	if a.Trace.At.After(f.now) {
		a.Trace.At = f.now
	}
	a.Trace.At = a.Trace.At.In(f.zoneOf(a.Publisher))
	return a, a.Publisher != "" && journal.DemandDay(a.Trace.At) > f.oldestDay()
}

func (f *demandFold) oldestDay() int { return journal.DemandDay(f.now) - journal.DemandDays }

// foldAsk folds an ask of which everything may be kept.
func (f *demandFold) foldAsk(ctx context.Context, position uint64, a foldedAsk) error {
	tells, withheld := journal.Tells(&a.Trace)
	day, err := f.dayOf(ctx, a)
	if err != nil {
		return err
	}
	if position >= day.value.Reached.Asks {
		day.value.Add(&a.Trace, withheld, false)
	}
	if err := f.foldFigures(ctx, a, func(r reached) bool { return position >= r.Asks }); err != nil {
		return err
	}
	for _, t := range tells {
		if err := f.foldTell(ctx, position, a, t); err != nil {
			return err
		}
	}
	return nil
}

func (f *demandFold) foldTell(ctx context.Context, position uint64, a foldedAsk, t journal.Tell) error {
	id := f.name(demandPrefix, a.Publisher, journal.DemandKey(t.Text))
	key := demandKey(a.Publisher, demandTexts, id[:1])
	page, err := foldedDocument(ctx, f.Demand, f.pages, key, func() string { return key })
	if err != nil {
		return err
	}
	if position < page.value.Reached.Asks {
		return nil
	}
	s, there := f.salts[a.Publisher]
	if !there {
		if s, err = f.readerSalt(ctx, a.Publisher); err != nil {
			return err
		}
		f.salts[a.Publisher] = s
	}
	if page.value.Clusters == nil {
		page.value.Clusters = map[string]*keptCluster{}
	}
	c := page.value.Clusters[id]
	if c == nil {
		c = &keptCluster{}
		page.value.Clusters[id] = c
	}
	if c.touched.IsZero() {
		c.openWords(f.sealer, textPlace(page.key, id))
	}
	c.Tell(t, s.serial, s.hashReader(id, a.Reader))
	c.touched, c.by = c.Last, a.slot
	return c.sealArguments(f.sealer, a.slot, textPlace(page.key, id))
}

// foldBareAsk counts an ask of which nothing else may be kept.
func (f *demandFold) foldBareAsk(ctx context.Context, position uint64, a foldedAsk) error {
	if a.Trace.Outcome != journal.Clicked { // nobody asked
		day, err := f.dayOf(ctx, a)
		if err != nil {
			return err
		}
		if position >= day.value.Reached.Counts {
			day.value.Add(&a.Trace, false, true)
		}
	}
	return f.foldFigures(ctx, a, func(r reached) bool { return position >= r.Counts })
}

func (f *demandFold) dayOf(ctx context.Context, a foldedAsk) (*document[demandDay], error) {
	at := dayPlace{a.Publisher, journal.DemandDay(a.Trace.At)}
	f.counted[at] = true
	if day := f.former.days[at]; day != nil {
		f.days[at] = day
	}
	return foldedDocument(ctx, f.Demand, f.days, at, func() string { return dayKey(at.publisher, at.day) })
}

// foldedDocument returns a document of this turn, a new one if there is none. It
// shows where it stood when the turn began until the turn is written.
func foldedDocument[P comparable, T any](ctx context.Context, d *Demand, all map[P]*document[T], at P, keyOf func() string) (*document[T], error) {
	if d, ok := all[at]; ok {
		return d, nil
	}
	key := keyOf()
	read, err := findDocument[T](ctx, d.backend, key, "fold demand")
	if err != nil {
		return nil, err
	}
	all[at] = &read
	return &read, nil
}

// writeFold writes the turn: as one where the back end can, else what it counted
// first and how far it has come last.
func (f *demandFold) writeFold(ctx context.Context, revision uint64) error {
	const op = "write demand"
	pairs, err := f.changedPairs(Revision(revision))
	if err != nil {
		return err
	}
	revisions, err := f.backend.Commit(ctx, Batch{Puts: pairs})
	f.noteCounted()
	if err == nil && f.isSmall() {
		f.keepFormer(pairs, revisions)
	}
	return backendError(op, err)
}

// noteCounted notes what the turn counted; what it wrote is there by then.
func (f *demandFold) noteCounted() {
	for at := range f.counted {
		f.noteDay(at.publisher, at.day)
	}
	for publisher := range f.salts { // of whom texts were counted
		f.noteTexts(publisher)
	}
}

// isSmall says that the days of the turn may stay in memory.
func (f *demandFold) isSmall() bool { return f.names < foldNames/2 && len(f.days) < foldDocuments }

// canWait says that the days of the turn need not be written: who lists days comes by each, since it has been
// written before.
func (f *demandFold) canWait() bool {
	for _, day := range f.days {
		if day.revision == Absent {
			return false
		}
	}
	for _, day := range f.sums {
		if !day.isWritten() {
			return false
		}
	}
	return f.isSmall()
}

// keepUnwritten keeps the days of the turn, and writes its texts alone: they say themselves how far they have come.
func (f *demandFold) keepUnwritten(ctx context.Context, revision Revision, unwritten int) error {
	if len(f.pages) > 0 {
		pairs, err := f.pagePairs(nil)
		if err != nil {
			return err
		}
		if _, err := f.backend.Commit(ctx, Batch{Puts: pairs}); err != nil {
			return backendError("write demand", err)
		}
	}
	f.noteCounted()
	f.Demand.former = formerFold{revision: revision, days: f.days, sums: f.sums, unwritten: unwritten, next: f.next}
	return nil
}

// keepFormer keeps the days of a fold at the revisions that they have now.
func (f *demandFold) keepFormer(pairs []Pair, revisions []Revision) {
	at := make(map[string]Revision, len(pairs))
	for i, p := range pairs {
		at[p.Key] = revisions[i]
	}
	for _, day := range f.days {
		day.revision = at[day.key]
	}
	for _, day := range f.sums {
		day.setRevisions(at)
	}
	f.Demand.former = formerFold{revision: at[demandReached], days: f.days, sums: f.sums}
}

func (f *demandFold) changedPairs(revision Revision) ([]Pair, error) {
	var pairs []Pair
	for _, day := range f.days {
		day.value.Reached = f.next
		b, err := json.Marshal(day.value)
		if err != nil {
			return nil, fmt.Errorf("encode demand: %w", err)
		}
		pairs = append(pairs, Pair{Key: day.key, Value: b, Revision: day.revision})
	}
	for _, sums := range f.sums {
		pairs = append(pairs, sums.encodePairs(f.next)...)
	}
	pairs, err := f.pagePairs(pairs)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(f.next)
	if err != nil {
		return nil, fmt.Errorf("encode demand: %w", err)
	}
	return append(pairs, Pair{Key: demandReached, Value: b, Revision: revision}), nil
}

// pagePairs appends the texts of the turn.
func (f *demandFold) pagePairs(pairs []Pair) ([]Pair, error) {
	for key, page := range f.pages {
		page.value.Reached = f.next
		b, err := page.value.encodePage(f.sealer, key)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, Pair{Key: key, Value: b, Revision: page.revision})
	}
	return pairs, nil
}

// mostAtHand is how many asks are at hand that were settled since a fold began, of
// about 200 bytes each; half of them are reason enough for the next one.
const mostRecentAsks = 8 << 10

// recentAsks are asks that were settled since the last fold, as far as one counts them:
// their records need not be opened. The log alone says what was settled, and in
// which order, and a record that has been changed since is read. What tells of its
// reader's words, or of several keywords, is not held. A fold of 1,000 asks takes 0.6 ms so,
// and 8.5 where it opens their records (BenchmarkFold).
type recentAsks struct {
	seed  maphash.Seed
	ready chan struct{}

	mu sync.Mutex
	// asks are there since the last fold began, former from before it.
	asks, former map[string]heldAsk
}

// heldAsk is what is counted of an ask, and the sum of its record.
type heldAsk struct {
	sum       uint64
	at        time.Time
	publisher unique.Handle[string]
	keyword   unique.Handle[string]
	channel   unique.Handle[string]
	language  unique.Handle[string]
	source    unique.Handle[string]
	outcome   journal.Outcome
	took      journal.Millis
	asOf      time.Time
	greeting  bool
	first     bool
	stale     bool
	amended   bool
	visit     journal.Visit
}

func newRecentAsks() *recentAsks {
	return &recentAsks{seed: maphash.MakeSeed(), ready: make(chan struct{}, 1)}
}

// addAsk holds an ask whose record has been written.
func (h *recentAsks) addAsk(r Record, of *pipeline.Record) {
	t := &of.Trace
	several := t.Outcome == journal.Missed || t.Outcome == journal.Offered || t.Counted() == journal.Helped || len(t.Wishes) > 0
	lacked := t.Outcome == journal.Refused && t.What.Core != ""
	if of.Reader == "" || several || lacked || t.What.Accepted != "" || t.Rated != "" || t.Wrong != "" {
		return
	}
	held := heldAsk{
		sum: maphash.Bytes(h.seed, r.Data), at: t.At, publisher: unique.Make(of.Publisher), keyword: unique.Make(t.What.Keyword),
		channel: unique.Make(t.Channel), language: unique.Make(t.Who.Language), source: unique.Make(t.When.Source),
		outcome: t.Outcome, took: t.Took.Total, asOf: t.When.AsOf, greeting: t.What.Command == journal.Greeting, first: t.Who.First, stale: t.When.Stale, amended: t.When.Amended, visit: t.Who.Visit,
	}
	if held.asOf.IsZero() {
		held.asOf = t.When.Fetched
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.asks == nil {
		h.asks = make(map[string]heldAsk)
	}
	if len(h.asks) == mostRecentAsks {
		return
	}
	h.asks[r.ID] = held
	if len(h.asks) != mostRecentAsks/2 {
		return
	}
	select {
	case h.ready <- struct{}{}:
	default:
	}
}

// beginFold is for the begin of a fold, which passes all that is there by now.
func (h *recentAsks) beginFold() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.former) == 0 {
		h.asks, h.former = h.former, h.asks
	}
}

// endFold is for the end of a fold that has passed what was there when it began.
func (h *recentAsks) endFold() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.former) < mostRecentAsks/8 {
		h.former = nil // little is asked: the room for much is not kept
	}
	clear(h.former)
}

// findAsk returns the ask of a record that is as it was settled.
func (h *recentAsks) findAsk(r Record) (a foldedAsk, ok bool) {
	sum := maphash.Bytes(h.seed, r.Data)
	h.mu.Lock()
	held, ok := h.former[r.ID]
	if !ok {
		held, ok = h.asks[r.ID]
	}
	h.mu.Unlock()
	if !ok || held.sum != sum {
		return a, false
	}
	a.Publisher, a.Trace.At, a.Trace.Outcome, a.Trace.What.Keyword = held.publisher.Value(), held.at, held.outcome, held.keyword.Value()
	a.Trace.Channel, a.Trace.Who.Language, a.Trace.Who.First, a.Trace.Took.Total = held.channel.Value(), held.language.Value(), held.first, held.took
	a.Trace.When = journal.When{Source: held.source.Value(), AsOf: held.asOf, Stale: held.stale, Amended: held.amended}
	a.Trace.Who.Visit = held.visit
	if held.greeting {
		a.Trace.What.Command = journal.Greeting
	}
	return a, true
}
