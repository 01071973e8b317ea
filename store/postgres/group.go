package postgres

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"keypull/pull/pipeline"
	"keypull/store"
	"keypull/store/internal/knownid"
)

// holdsAtMost is how long a transaction may stand still between its look and its write, and
// hold the counters: a process that was paused then loses it, and tries again.
const holdsAtMost = `set local idle_in_transaction_session_timeout = '300ms'`

// plan is what a group writes, and what is told once it is written.
type plan struct {
	s    *Store
	turn int64
	now  time.Time

	last      map[string]int64 // counters
	first     map[string]int64 // as they were
	revisions map[string]store.Revision
	places    map[entryPlace]int64 // whose the entries of a partition are
	known     map[idPlace][]knownID
	positions map[recordPlace]uint64

	values  map[string][]byte // nil for what is removed
	entries []placedEntry
	ids     []placedID
	records []placedRecord
	fresh   map[recordPlace]int // of records
	reduced map[recordPlace][]byte
	acks    []store.Acked
	asides  []store.Acked

	changes []store.Change
	foreign map[string][]store.Entry // what others accepted for this handle
}

type (
	entryPlace  struct{ queue, partition string }
	idPlace     struct{ queue, name string }
	recordPlace struct{ log, id string }
)

type placedEntry struct {
	store.Entry
	queue string
	owner int64
}

type placedRecord struct {
	store.Record
	log string
}

// writeGroup writes a group as one transaction, in two round trips.
func (w *writer) writeGroup(ctx context.Context, group []*work) (*plan, error) {
	p := &plan{
		s: w.Store, now: w.clock(), last: map[string]int64{}, first: map[string]int64{}, revisions: map[string]store.Revision{}, places: map[entryPlace]int64{},
		known: map[idPlace][]knownID{}, positions: map[recordPlace]uint64{}, values: map[string][]byte{}, fresh: map[recordPlace]int{},
		reduced: map[recordPlace][]byte{}, foreign: map[string][]store.Entry{},
	}
	w.unsure.Store(false)
	if err := w.makeCounters(ctx, counterNames(group)); err != nil {
		return nil, err
	}
	turn, err := p.look(ctx, w.conn, group)
	if err != nil {
		return nil, err
	}
	if written := w.doubt; written != nil && written.turn == turn {
		return written, w.confirm(ctx, turn)
	}
	p.turn = turn + 1
	for _, g := range group {
		p.plan(g)
	}
	w.doubt = p
	if err := p.writePlan(ctx, w.conn); err != nil {
		return nil, err
	}
	if w.unsure.Load() {
		return nil, errUnsure
	}
	w.doubt = nil
	return p, nil
}

// confirm commits something behind a commit of which nobody knows whether the standby has it.
func (w *writer) confirm(ctx context.Context, turn int64) error {
	if _, err := w.conn.Exec(ctx, `update keypull_node set turn = $2 where id = $1`, w.node, turn); err != nil {
		return err
	}
	if _, err := w.conn.Exec(ctx, `commit`); err != nil {
		return err
	}
	if w.unsure.Load() {
		return errUnsure
	}
	w.doubt = nil
	return nil
}

// counterNames are the counters that a group locks, in order.
func counterNames(group []*work) []string {
	var names []string
	for _, g := range group {
		if len(g.Puts)+len(g.Deletes) > 0 {
			names = append(names, "kv")
		}
		if len(g.accept) > 0 {
			names = append(names, "queue."+g.queue)
		}
		for i := range g.Appends {
			names = append(names, "log."+g.Appends[i].Log)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// makeCounters begins counters that nobody has yet.
func (w *writer) makeCounters(ctx context.Context, names []string) error {
	var fresh []string
	for _, name := range names {
		if !w.counters[name] {
			fresh = append(fresh, name)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	_, err := w.conn.Exec(ctx, `insert into keypull_counter select name, 0 from unnest($1::text[]) name order by name on conflict do nothing`, fresh)
	for _, name := range fresh {
		w.counters[name] = err == nil
	}
	return err
}

// look locks the counters and reads what the group depends on.
func (p *plan) look(ctx context.Context, conn *pgx.Conn, group []*work) (turn int64, err error) {
	var keys, idQueues, partitionQueues, logs, recordIDs []string
	var names, partitions [][]byte
	for _, g := range group {
		for i := range g.Puts {
			keys = append(keys, g.Puts[i].Key)
		}
		keys = append(keys, g.Deletes...)
		for i := range g.accept {
			for _, name := range namesOf(&g.ids[i]) {
				idQueues, names = append(idQueues, g.queue), append(names, name)
			}
			partitionQueues, partitions = append(partitionQueues, g.queue), append(partitions, []byte(g.accept[i].Partition))
		}
		for i := range g.Appends {
			logs, recordIDs = append(logs, g.Appends[i].Log), append(recordIDs, g.Appends[i].Record.ID)
		}
	}
	b := new(pgx.Batch)
	b.Queue("begin")
	b.Queue(holdsAtMost)
	b.Queue(stillMine, p.s.node).QueryRow(func(row pgx.Row) error { return row.Scan(&turn) })
	counters := counterNames(group)
	if len(counters) > 0 {
		var name string
		var last int64
		b.Queue(`select name, last from keypull_counter where name = any($1) order by name for update`, counters).Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&name, &last}, func() error { p.last[name], p.first[name] = last, last; return nil })
			return err
		})
	}
	if len(keys) > 0 {
		var key string
		var revision int64
		b.Queue(`select key, revision from keypull_value where key = any($1) and value is not null`, keys).Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&key, &revision}, func() error { p.revisions[key] = store.Revision(revision); return nil }) //nolint:gosec // counted up
			return err
		})
	}
	if len(names) > 0 {
		p.lookIDs(b, idQueues, names)
	}
	if len(partitions) > 0 {
		var place entryPlace
		var partition []byte
		var owner int64
		b.Queue(`select p.queue, p.partition, e.owner from unnest($1::text[], $2::bytea[]) p(queue, partition)
			cross join lateral (select owner from keypull_entry e where e.queue = p.queue and e.partition = p.partition and not e.aside order by seq limit 1) e`,
			partitionQueues, partitions).Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&place.queue, &partition, &owner}, func() error {
				place.partition = string(partition)
				p.places[place] = owner
				return nil
			})
			return err
		})
		// What others accepted for this handle comes before what it accepts now.
		p.s.lookForeign(b, func(queue string, entries []store.Entry) { p.foreign[queue] = entries })
	}
	if len(logs) > 0 {
		var place recordPlace
		var position int64
		b.Queue(`select l.log, r.id, r.position from unnest($1::text[], $2::text[]) l(log, id)
			cross join lateral (select id, position from keypull_record r where r.log = l.log and r.id = l.id) r`, logs, recordIDs).Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&place.log, &place.id, &position}, func() error {
				p.positions[place] = uint64(position) //nolint:gosec // counted up from 0
				return nil
			})
			return err
		})
	}
	return turn, conn.SendBatch(ctx, b).Close()
}

// next counts a counter on.
func (p *plan) next(counter string) uint64 {
	p.last[counter]++
	return uint64(p.last[counter]) //nolint:gosec // counted up from 0
}

// plan decides about one work of the group, behind those before it.
func (p *plan) plan(g *work) {
	g.revisions, g.accepted, g.positions, g.err = nil, nil, nil, nil
	if g.err = p.checkRevisions(g); g.err != nil {
		return
	}
	for i := range g.Puts {
		g.revisions = append(g.revisions, p.putPair(g.Puts[i]))
	}
	for i := range g.Appends {
		g.positions = append(g.positions, p.appendRecord(g.Appends[i]))
	}
	for i := range g.Reduces {
		p.reduce(g.Reduces[i])
	}
	for _, key := range g.Deletes {
		if p.revisions[key] != store.Absent {
			p.change(store.Change{Key: key, Revision: store.Revision(p.next("kv"))})
			delete(p.revisions, key)
		}
	}
	for i := range g.accept {
		g.accepted = append(g.accepted, p.acceptEntry(g.queue, g.accept[i], &g.ids[i]))
	}
	p.acks, p.asides = append(p.acks, g.Acks...), append(p.asides, g.asides...)
}

func (p *plan) checkRevisions(g *work) error {
	for i := range g.Puts {
		put := &g.Puts[i]
		if at := p.revisions[put.Key]; put.Revision != store.Any && put.Revision != at {
			return fmt.Errorf("%s is at revision %d, not %d: %w", put.Key, at, put.Revision, store.ErrConflict)
		}
	}
	for i, when := range g.when {
		if at := p.revisions[g.Deletes[i]]; when != store.Any && (at != when || at == store.Absent) {
			return fmt.Errorf("%s is at revision %d, not %d: %w", g.Deletes[i], at, when, store.ErrConflict)
		}
	}
	return nil
}

func (p *plan) putPair(put store.Pair) store.Revision {
	at, value := store.Revision(p.next("kv")), put.Value
	if put.Bind != nil {
		value = put.Bind(slices.Clone(value), at)
	}
	p.revisions[put.Key] = at
	p.change(store.Change{Key: put.Key, Value: value, Revision: at})
	return at
}

func (p *plan) change(c store.Change) {
	p.values[c.Key] = c.Value
	p.changes = append(p.changes, c)
}

func (p *plan) appendRecord(a store.Append) uint64 {
	place := recordPlace{a.Log, a.Record.ID}
	if at, ok := p.positions[place]; ok {
		return at
	}
	a.Record.Position = p.next("log." + a.Log)
	p.positions[place] = a.Record.Position
	p.fresh[place] = len(p.records)
	p.records = append(p.records, placedRecord{a.Record, a.Log})
	return a.Record.Position
}

func (p *plan) reduce(a store.Append) {
	place := recordPlace{a.Log, a.Record.ID}
	if i, ok := p.fresh[place]; ok {
		p.records[i].Data = a.Record.Data
		return
	}
	p.reduced[place] = a.Record.Data
}

func (p *plan) acceptEntry(queue string, e store.Entry, id *knownid.Sought) pipeline.Accepted {
	first, anew := p.findFirst(queue, id, p.now)
	if first != 0 {
		return pipeline.Accepted{Seq: first, Duplicate: true}
	}
	e.Seq = p.next("queue." + queue)
	if e.Bind != nil {
		e.Payload, e.Bind = e.Bind(slices.Clone(e.Payload), e.Seq), nil
	}
	p.addID(queue, id, e.Seq, e.Partition)
	place := entryPlace{queue, e.Partition}
	owner, ok := p.places[place]
	if !ok {
		owner = int64(p.s.node) //nolint:gosec // counted up from 0
		p.places[place] = owner
	}
	if e.Scope != store.Whole {
		e.ID = ""
	}
	e.Scope, e.Words, e.Aliases, e.Mine = store.Whole, "", nil, nil
	p.entries = append(p.entries, placedEntry{e, queue, owner})
	return pipeline.Accepted{Seq: e.Seq, Anew: anew}
}

// writePlan writes all of it, with the turn by which it is known again.
func (p *plan) writePlan(ctx context.Context, conn *pgx.Conn) error {
	b := new(pgx.Batch)
	p.writeValues(b)
	p.writeEntries(b)
	p.writeRecords(b)
	p.writeCounters(b)
	b.Queue(`update keypull_node set turn = $2 where id = $1`, p.s.node, p.turn)
	n := b.Len()
	b.Queue("commit")
	r := conn.SendBatch(ctx, b)
	defer func() { _ = r.Close() }()
	for range n {
		if _, err := r.Exec(); err != nil {
			return err
		}
	}
	return committed(r)
}

func (p *plan) writeValues(b *pgx.Batch) {
	if len(p.values) == 0 {
		return
	}
	last := make(map[string]store.Revision)
	for _, c := range p.changes {
		last[c.Key] = c.Revision
	}
	var keys []string
	var values [][]byte
	var revisions []int64
	for key, value := range p.values {
		keys, values, revisions = append(keys, key), append(values, value), append(revisions, int64(last[key])) //nolint:gosec // counted up from 0
	}
	b.Queue(`insert into keypull_value (key, value, revision, gone)
		select key, value, revision, case when value is null then clock_timestamp() end from unnest($1::text[], $2::bytea[], $3::bigint[]) n(key, value, revision)
		on conflict (key) do update set value = excluded.value, revision = excluded.revision, gone = excluded.gone`, keys, values, revisions)
}

func (p *plan) writeEntries(b *pgx.Batch) {
	if n := len(p.entries); n > 0 {
		queues, seqs, owners, due, at := make([]string, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
		partitions, ids, payloads := make([][]byte, n), make([][]byte, n), make([][]byte, n)
		for i := range p.entries {
			e := &p.entries[i]
			queues[i], seqs[i], owners[i], due[i], at[i] = e.queue, int64(e.Seq), e.owner, nanos(e.Due), nanos(e.At) //nolint:gosec // counted up from 0
			partitions[i], ids[i], payloads[i] = []byte(e.Partition), []byte(e.ID), notNil(e.Payload)
		}
		b.Queue(`insert into keypull_entry (queue, seq, owner, partition, id, due, at, payload)
			select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bytea[])`,
			queues, seqs, owners, partitions, ids, due, at, payloads)
	}
	p.writeIDs(b)
	if queues, seqs := flatten(p.acks); len(seqs) > 0 {
		b.Queue(`delete from keypull_entry e using unnest($1::text[], $2::bigint[]) n(queue, seq) where e.queue = n.queue and e.seq = n.seq and not e.aside`, queues, seqs)
	}
	if queues, seqs := flatten(p.asides); len(seqs) > 0 {
		b.Queue(`update keypull_entry e set aside = true from unnest($1::text[], $2::bigint[]) n(queue, seq) where e.queue = n.queue and e.seq = n.seq`, queues, seqs)
	}
}

func flatten(all []store.Acked) (queues []string, seqs []int64) {
	for _, a := range all {
		for _, seq := range a.Seqs {
			queues, seqs = append(queues, a.Queue), append(seqs, int64(seq)) //nolint:gosec // what is beyond is not there
		}
	}
	return queues, seqs
}

func (p *plan) writeRecords(b *pgx.Batch) {
	if n := len(p.records); n > 0 {
		logs, positions, ids, at, data := make([]string, n), make([]int64, n), make([]string, n), make([]int64, n), make([][]byte, n)
		for i := range p.records {
			r := &p.records[i]
			logs[i], positions[i], ids[i], at[i], data[i] = r.log, int64(r.Position), r.ID, nanos(r.At), notNil(r.Data) //nolint:gosec // counted up from 0
		}
		b.Queue(`insert into keypull_record (log, position, id, at, data) select * from unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bytea[])`,
			logs, positions, ids, at, data)
	}
	if len(p.reduced) == 0 {
		return
	}
	var logs, ids []string
	var data [][]byte
	for _, place := range slices.SortedFunc(maps.Keys(p.reduced), func(a, b recordPlace) int { return cmp.Or(cmp.Compare(a.log, b.log), cmp.Compare(a.id, b.id)) }) {
		logs, ids, data = append(logs, place.log), append(ids, place.id), append(data, notNil(p.reduced[place]))
	}
	b.Queue(`update keypull_record r set data = n.data from unnest($1::text[], $2::text[], $3::bytea[]) n(log, id, data) where r.log = n.log and r.id = n.id`, logs, ids, data)
}

func (p *plan) writeCounters(b *pgx.Batch) {
	var names []string
	var last []int64
	for name, at := range p.last {
		if at != p.first[name] {
			names, last = append(names, name), append(last, at)
		}
	}
	if len(names) > 0 {
		b.Queue(`update keypull_counter c set last = n.last from unnest($1::text[], $2::bigint[]) n(name, last) where c.name = n.name`, names, last)
	}
}

// publish lets claims and watchers see what is durable now.
func (p *plan) publish() {
	for name, entries := range p.foreign {
		p.s.openQueue(name).addForeign(entries)
		p.s.openQueue(name).raise(uint64(p.first["queue."+name])) //nolint:gosec // counted up from 0
	}
	for i := range p.entries {
		if e := &p.entries[i]; e.owner == int64(p.s.node) { //nolint:gosec // counted up from 0
			p.s.openQueue(e.queue).addEntries([]store.Entry{e.Entry})
		}
	}
	for _, a := range p.acks {
		p.s.openQueue(a.Queue).remove(a.Seqs)
	}
	for _, a := range p.asides {
		p.s.openQueue(a.Queue).remove(a.Seqs)
		p.s.aside.Add(int64(len(a.Seqs)))
	}
	for _, c := range p.changes {
		p.s.hub.Tell(c)
	}
}
