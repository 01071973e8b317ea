package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// Where demand is kept: documents of a publisher's days, pages of its texts, and
// what the hashes of its readers are keyed with.
const (
	demandPrefix  = "demand"
	demandDays    = "day"
	demandTexts   = "texts"
	demandSalt    = "salt"
	demandReached = "demand-reached"

	// countsLog has what is counted of asks of which no record may be kept.
	countsLog = "counts"

	// demandScan is how many documents are read at a time, since they are large.
	demandScan = 16
)

// Demand keeps what readers asked, met and unmet: a fold of the log of settled
// asks. Every document carries the position that it has reached in the log, so
// that a crash folds nothing twice and nothing never.
//
// Words that fewer than journal.KnownReaders wrote are sealed with the key of the
// day on which they were written last and with that of who wrote them then; readers are
// counted by keyed hashes whose key is sealed with that of a day. Both are gone for good
// when such a key is, in copies of the store as well.
type Demand struct {
	backend Backend
	asks    Log
	counts  Log
	sealer  RecordSealer
	name    func(parts ...string) string
	zones   func(publisher string) *time.Location
	clock   func() time.Time
	random  io.Reader
	logger  *slog.Logger

	// mu lets one fold at a time. former is what the last one wrote of days.
	mu     sync.Mutex
	former formerFold
	hand   *recentAsks

	// turns counts what changed of each publisher's counts, and under "" of all of them.
	turning sync.Mutex
	turns   map[string]*demandTurns

	// read are the texts of the publisher that was looked at last.
	reading sync.Mutex
	read    readTexts
}

// demandTurns counts what changed of each day of a publisher, and of its texts.
type demandTurns struct {
	days  map[int]uint64
	texts uint64
}

// DemandOptions are what a Demand works with.
type DemandOptions struct {
	Backend Backend
	Sealer  RecordSealer
	// Name names whatever the parts name so that nobody without the key file can
	// tell what; it begins with one of a-z and 2-7.
	Name func(parts ...string) string
	// Zone is the zone in which a publisher's days begin and end; UTC where it is
	// nil, or returns nil.
	Zone   func(publisher string) *time.Location
	Clock  func() time.Time
	Random io.Reader
	Logger *slog.Logger
}

// NewDemand returns the demand of a back end.
func NewDemand(o DemandOptions) *Demand {
	return &Demand{
		backend: awaited{o.Backend}, asks: o.Backend.Log(asksLog), counts: o.Backend.Log(countsLog), sealer: o.Sealer, turns: map[string]*demandTurns{},
		name: o.Name, zones: o.Zone, clock: o.Clock, random: o.Random, logger: o.Logger, hand: newRecentAsks(),
	}
}

// Ready is told of when so much was settled since the last Fold that the next one
// is due: it costs least while what it counts is in memory.
func (d *Demand) Ready() <-chan struct{} { return d.hand.ready }

// Counted returns a number that is another one once anything changed of what Days, Figures and
// NamedFigures tell of a publisher's days before one, up to the last ask.
func (d *Demand) Counted(ctx context.Context, publisher string, before int) (uint64, error) {
	return d.countTurns(ctx, publisher, func(t *demandTurns) (n uint64) {
		for day, turns := range t.days {
			if day < before {
				n += turns
			}
		}
		return n
	})
}

// CountedTexts is Counted for what Texts tells.
func (d *Demand) CountedTexts(ctx context.Context, publisher string) (uint64, error) {
	return d.countTurns(ctx, publisher, func(t *demandTurns) uint64 { return t.texts })
}

func (d *Demand) countTurns(ctx context.Context, publisher string, count func(*demandTurns) uint64) (uint64, error) {
	if err := d.foldAll(ctx, false); err != nil {
		return 0, err
	}
	d.turning.Lock()
	defer d.turning.Unlock()
	n := d.turnsOf("").texts
	return n + count(d.turnsOf(publisher)), nil
}

// turnsOf returns those of a publisher, while turning is held.
func (d *Demand) turnsOf(publisher string) *demandTurns {
	t := d.turns[publisher]
	if t == nil {
		t = &demandTurns{days: map[int]uint64{}}
		d.turns[publisher] = t
	}
	return t
}

// noteDay notes that counts of a publisher's day changed.
func (d *Demand) noteDay(publisher string, day int) {
	d.turning.Lock()
	defer d.turning.Unlock()
	d.turnsOf(publisher).days[day]++
}

// noteTexts notes that texts of a publisher changed, or where it is "" anything of anybody.
func (d *Demand) noteTexts(publisher string) {
	d.turning.Lock()
	defer d.turning.Unlock()
	d.turnsOf(publisher).texts++
}

// zoneOf returns that of a publisher's days.
func (d *Demand) zoneOf(publisher string) *time.Location {
	if d.zones != nil {
		if in := d.zones(publisher); in != nil {
			return in
		}
	}
	return time.UTC
}

func demandKey(publisher string, parts ...string) string {
	return strings.Join(append([]string{demandPrefix, keySegment(publisher)}, parts...), ".")
}

func dayKey(publisher string, day int) string {
	return demandKey(publisher, demandDays, fmt.Sprintf("%08d", day))
}

// Note counts an ask of a reader who has not agreed that anything is kept. It is
// called before the ask is settled, is durable no later than that, and counts
// once however often it is called.
func (d *Demand) Note(ctx context.Context, publisher string, t journal.Trace) error {
	count := pipeline.Record{Publisher: publisher, Trace: t.Bare()}
	data, err := sealDay(d.sealer, t.At, LogPlace(countsLog, recordID(t.Ask)), count.Encode())
	if err != nil {
		return fmt.Errorf("seal count: %w", err)
	}
	r := Record{ID: recordID(t.Ask), At: t.At, Data: data}
	return backendError("count", d.backend.CommitLater(ctx, Batch{Appends: []Append{{Log: countsLog, Record: r}}}))
}

// NoteClick counts that a link was followed, as t tells. It is durable on return.
func (d *Demand) NoteClick(ctx context.Context, publisher string, t journal.Trace) error {
	var number [8]byte
	if _, err := io.ReadFull(d.random, number[:]); err != nil {
		return fmt.Errorf("name a click: %w", err)
	}
	// No ask has such a number.
	id := recordID(binary.BigEndian.Uint64(number[:]) | 1<<63)
	count := pipeline.Record{Publisher: publisher, Trace: t}
	data, err := sealDay(d.sealer, t.At, LogPlace(countsLog, id), count.Encode())
	if err != nil {
		return fmt.Errorf("seal click: %w", err)
	}
	_, err = d.backend.Commit(ctx, Batch{Appends: []Append{{Log: countsLog, Record: Record{ID: id, At: t.At, Data: data}}}})
	return backendError("count a click", err)
}

// Days tells what was counted of a publisher's days from one until before another, up to the last ask. What is told stays
// as it is until tell returns.
func (d *Demand) Days(ctx context.Context, publisher string, from, until int, tell func(day int, of journal.DayDemand)) error {
	const op = "read demand"
	if err := d.foldForList(ctx); err != nil {
		return err
	}
	for pair, err := range pagesBelow(ctx, d.backend, demandKey(publisher, demandDays), dayKey(publisher, from-1), op, demandScan) {
		if err != nil {
			return err
		}
		at := dayOfKey(pair.Key)
		if at >= until {
			return nil
		}
		if d.isToldFrom(func(f *formerFold) bool {
			day := f.days[dayPlace{publisher, at}]
			if day != nil {
				tell(at, day.value.DayDemand)
			}
			return day != nil
		}) {
			continue
		}
		day, err := decodeDocument[demandDay](pair, op)
		if err != nil {
			return err
		}
		tell(at, day.value.DayDemand)
	}
	return nil
}

// isToldFrom lets tell what the last fold counted, which stays as it is meanwhile.
func (d *Demand) isToldFrom(tell func(f *formerFold) bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return tell(&d.former)
}

// foldForList folds what was settled before something is listed.
func (d *Demand) foldForList(ctx context.Context) error {
	err := d.foldAll(ctx, false)
	if err == nil || ctx.Err() != nil {
		return err
	}
	d.logger.Warn("the last asks could not be counted; they are missing in what is listed", "error", err)
	return nil
}

// Texts returns what a publisher's readers wrote, and what it tried itself, up to the last ask.
func (d *Demand) Texts(ctx context.Context, publisher string, l journal.Listing) (journal.Demand, error) {
	const op = "read demand"
	if err := d.foldForList(ctx); err != nil {
		return journal.Demand{}, err
	}
	clusters, err := d.readClusters(ctx, publisher, op)
	if err != nil {
		return journal.Demand{}, err
	}
	own, err := d.readTries(ctx, publisher, op)
	if err != nil {
		return journal.Demand{}, err
	}
	out := l.ListTexts(clusters)
	out.Own = l.ListOwn(own.value)
	return out, nil
}

// readTexts are pages of a publisher's texts as they were read, by their keys.
type readTexts struct {
	publisher string
	turns     uint64
	pages     map[string]readPage
}

type readPage struct {
	revision Revision
	clusters []journal.Cluster
}

// readClusters returns the texts of a publisher; pages that have not changed since they were read are
// not opened again.
func (d *Demand) readClusters(ctx context.Context, publisher, op string) (all []journal.Cluster, err error) {
	d.reading.Lock()
	defer d.reading.Unlock()
	d.turning.Lock()
	turns := d.turnsOf("").texts
	d.turning.Unlock()
	if d.read.publisher != publisher || d.read.turns != turns {
		d.read = readTexts{publisher: publisher, turns: turns, pages: map[string]readPage{}}
	}
	known := 0
	for _, page := range d.read.pages {
		known += len(page.clusters)
	}
	all = make([]journal.Cluster, 0, known)
	for pair, err := range d.scanPairs(ctx, demandKey(publisher, demandTexts), op) {
		if err != nil {
			return nil, err
		}
		read := d.read.pages[pair.Key]
		if read.revision != pair.Revision || pair.Revision == Absent {
			page, err := decodeDocument[demandPage](pair, op)
			if err != nil {
				return nil, err
			}
			read = readPage{revision: pair.Revision}
			for _, id := range slices.Sorted(maps.Keys(page.value.Clusters)) {
				c := page.value.Clusters[id]
				c.openWords(d.sealer, textPlace(pair.Key, id))
				c.SetKey()
				read.clusters = append(read.clusters, c.Cluster)
			}
			d.read.pages[pair.Key] = read
		}
		all = append(all, read.clusters...)
	}
	return all, nil
}

func dayOfKey(key string) int {
	day, err := strconv.Atoi(key[strings.LastIndexByte(key, '.')+1:])
	if err != nil {
		return 0
	}
	return day
}

// scanPairs is pairsBelow for the documents of demand, which are large.
func (d *Demand) scanPairs(ctx context.Context, prefix, op string) iter.Seq2[Pair, error] {
	return pagesBelow(ctx, d.backend, prefix, "", op, demandScan)
}

// Forget takes a reader out of all that is kept of a publisher's demand. Counts
// stay, since they do not tell whose they are.
func (d *Demand) Forget(ctx context.Context, publisher string, reader who.Key) error {
	const op = "forget a reader's demand"
	if err := d.Fold(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.noteTexts(publisher)
	salt, err := d.readerSalt(ctx, publisher)
	if err != nil {
		return err
	}
	for pair, err := range d.scanPairs(ctx, demandKey(publisher, demandTexts), op) {
		if err != nil {
			return err
		}
		page, err := decodeDocument[demandPage](pair, op)
		if err != nil {
			return err
		}
		changed := false
		for id, c := range page.value.Clusters {
			c.openWords(d.sealer, textPlace(pair.Key, id))
			changed = c.forgetReader(salt.serial, salt.hashReader(id, reader)) || changed
		}
		if !changed {
			continue
		}
		if err := d.rewritePage(ctx, page, op); err != nil {
			return err
		}
	}
	return nil
}

// rewritePage writes a page that was changed outside a fold, or removes it.
func (d *Demand) rewritePage(ctx context.Context, page document[demandPage], op string) error {
	if len(page.value.Clusters) == 0 {
		err := d.backend.Delete(ctx, page.key, page.revision)
		if err != nil {
			return backendError(op, err)
		}
		return nil
	}
	value, err := page.value.encodePage(d.sealer, page.key)
	if err != nil {
		return err
	}
	_, err = d.backend.Put(ctx, page.key, value, page.revision)
	return backendError(op, err)
}

// countingLedger is a Ledger that tells Demand of the asks it settles.
type countingLedger struct {
	pipeline.Ledger
	demand    *Demand
	anonymous func(pipeline.Settlement) bool
}

// Counting returns a ledger whose records say which reader's words they are,
// where anything of them may be kept; of the others, the anonymous, it has them
// counted alone. It comes before anything is settled.
func (d *Demand) Counting(l pipeline.Ledger, anonymous func(pipeline.Settlement) bool) pipeline.Ledger {
	if own, ok := l.(*Ledger); ok {
		own.hand = d.hand
	}
	return countingLedger{Ledger: l, demand: d, anonymous: anonymous}
}

// Settle settles an ask that is counted once, by its record or by its note.
func (l countingLedger) Settle(ctx context.Context, s pipeline.Settlement) (uint64, error) {
	if !l.anonymous(s) {
		s.Record.Reader = s.Ask.Reader
	} else if err := l.demand.Note(ctx, s.Ask.Publisher, s.Record.Trace); err != nil {
		return 0, err
	}
	return l.Ledger.Settle(ctx, s)
}
