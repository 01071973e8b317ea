package postgres

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"keypull/store"
	"keypull/store/internal/knownid"
	"keypull/store/internal/order"
)

// knownID is an id that was accepted; waiting is the partition of its entry while that waits.
type knownID struct {
	seq     uint64
	hash    knownid.Hash
	at      time.Time
	waiting []byte
}

type placedID struct {
	queue string
	seq   uint64
	hash  knownid.Hash
}

// hashEntry makes the keyed hashes of an entry's id.
func (s *Store) hashEntry(e *store.Entry) knownid.Sought {
	if e.ID == "" {
		return knownid.Sought{}
	}
	h := knownid.Hasher{Key: s.hashKey}
	return h.HashEntry(e)
}

// namesOf returns the names under which an id may stand.
func namesOf(id *knownid.Sought) (names [][]byte) {
	if id.Hash == (knownid.Hash{}) {
		return nil
	}
	for _, h := range append([]knownid.Hash{id.Hash, id.Former}, id.Aliases...) {
		if h != (knownid.Hash{}) {
			names = append(names, h[:knownid.NameBytes])
		}
	}
	return names
}

// lookIDs looks up what was accepted under names.
func (p *plan) lookIDs(b *pgx.Batch, queues []string, names [][]byte) {
	var place idPlace
	var name, person, words, waiting []byte
	var seq, at int64
	before := nanos(p.s.aging().Add(-p.s.horizon))
	b.Queue(`select n.queue, n.name, k.seq, k.person, k.words, k.at, (select partition from keypull_entry e where e.queue = n.queue and e.seq = k.seq)
		from (select distinct * from unnest($1::text[], $2::bytea[]) n(queue, name)) n
		cross join lateral (select seq, person, words, at from keypull_id k where k.queue = n.queue and k.name = n.name and k.at >= $3 order by seq limit 100) k`,
		queues, names, before).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&place.queue, &name, &seq, &person, &words, &at, &waiting}, func() error {
			place.name = string(name)
			p.known[place] = append(p.known[place], knownID{uint64(seq), hashOf(name, person, words), moment(at), waiting}) //nolint:gosec // counted up from 0
			return nil
		})
		return err
	})
}

// hashOf joins the parts of a hash as they are written.
func hashOf(name, person, words []byte) (h knownid.Hash) {
	copy(h[:knownid.NameBytes], name)
	copy(h[knownid.NameBytes:knownid.OwnerBytes], person)
	copy(h[knownid.OwnerBytes:], words)
	return h
}

// findFirst returns the entry that another one repeats, or 0 if it repeats none; anew says
// that it has the id of another partition's.
func (p *plan) findFirst(queue string, id *knownid.Sought, now time.Time) (seq uint64, anew bool) {
	waiting := make(map[uint64][]byte)
	return id.FindFirst(func(h knownid.Hash) iter.Seq[knownid.Known] {
		return func(yield func(knownid.Known) bool) {
			for _, k := range p.known[idPlace{queue, string(h[:knownid.NameBytes])}] {
				waiting[k.seq] = k.waiting
				if !yield(knownid.Known{Seq: k.seq, Hash: k.hash, Age: now.Sub(k.at)}) {
					return
				}
			}
		}
	}, func(seq uint64) bool {
		if partition := waiting[seq]; partition != nil {
			return slices.Contains(id.Persons, string(partition))
		}
		return id.Mine == nil || id.Mine(seq)
	})
}

func (p *plan) addID(queue string, id *knownid.Sought, seq uint64, partition string) {
	if id.Hash == (knownid.Hash{}) {
		return
	}
	place := idPlace{queue, string(id.Hash[:knownid.NameBytes])}
	p.known[place] = append(p.known[place], knownID{seq, id.Hash, p.now, notNil([]byte(partition))})
	p.ids = append(p.ids, placedID{queue, seq, id.Hash})
}

func (p *plan) writeIDs(b *pgx.Batch) {
	n := len(p.ids)
	if n == 0 {
		return
	}
	queues, seqs, names, persons, words := make([]string, n), make([]int64, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	for i := range p.ids {
		d := &p.ids[i]
		names[i], persons[i], words[i] = d.hash[:knownid.NameBytes], d.hash[knownid.NameBytes:knownid.OwnerBytes], d.hash[knownid.OwnerBytes:]
		queues[i], seqs[i] = d.queue, int64(d.seq) //nolint:gosec // counted up from 0
	}
	b.Queue(`insert into keypull_id (queue, seq, name, person, words, at)
		select *, $6::bigint from unnest($1::text[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[])`, queues, seqs, names, persons, words, nanos(p.now))
}

// Windows of what is forgotten and trimmed: how much one statement looks at, and how many of
// them in a row that remove nothing end it.
const (
	window       = 1000
	idleWindows  = 10
	orderSamples = 1024
)

// forgetIDs removes ids that are past the horizon, by date or by order.
func (s *Store) forgetIDs(ctx context.Context) {
	before := s.aging().Add(-s.horizon)
	queues, err := read(ctx, s, pgx.RowTo[string], `select substr(name, 7) from keypull_counter where name like 'queue.%'`)
	for _, queue := range queues {
		if err == nil {
			_, err = removePast(ctx, s.pool, "keypull_id", "queue", "seq", queue, before)
		}
	}
	if err != nil && ctx.Err() == nil {
		s.logger.Warn("old ids can't be forgotten; it is tried again in an hour", "error", err)
	}
}

// samplesOf reads numbers and dates of the first rows of a table, and of as many of the
// others, evenly.
func samplesOf(table, name, number string) string {
	return fmt.Sprintf(`with first as (select %[3]s as n, at from %[1]s where %[2]s = $1 order by %[3]s limit $2),
		ends as (select (select max(n) from first) as low, (select max(%[3]s) from %[1]s where %[2]s = $1) as high),
		others as (select distinct o.n, o.at from ends, generate_series(low + 1, high, greatest(1, (high - low) / $2)) place,
			lateral (select %[3]s as n, at from %[1]s where %[2]s = $1 and %[3]s >= place order by %[3]s limit 1) o)
		select n, at from first union select n, at from others order by n`, table, name, number)
}

// pastOf returns the last number of which the dates around it show that it is past, or 0.
func pastOf(rows pgx.Rows, before time.Time) (int64, error) {
	var numbers []int64
	var dates []time.Time
	var n, at int64
	_, err := pgx.ForEachRow(rows, []any{&n, &at}, func() error {
		numbers, dates = append(numbers, n), append(dates, moment(at))
		return nil
	})
	if err != nil {
		return 0, err
	}
	if i := order.Past(len(dates), func(i int) (time.Time, bool) { return dates[i], true }, before); i >= 0 {
		return numbers[i], nil
	}
	return 0, nil
}

// removeAged removes what is past by order or by date, window by window, and ends behind
// some of them in a row in which everything stays.
func removeAged(ctx context.Context, db *pgxpool.Pool, table, name, number, of string, past int64, before time.Time) (gone int, err error) {
	sql := fmt.Sprintf(`with looked as (select %[3]s as n, at from %[1]s where %[2]s = $1 and %[3]s > $2 order by %[3]s limit %[4]d),
		old as (delete from %[1]s t using looked where t.%[2]s = $1 and t.%[3]s = looked.n and (looked.n <= $3 or looked.at < $4) returning 1)
		select coalesce(max(n), 0), (select count(*) from old) from looked`, table, name, number, window)
	after, removed := int64(0), 0
	for idle := 0; idle < idleWindows; idle++ {
		if err := db.QueryRow(ctx, sql, of, after, past, nanos(before)).Scan(&after, &removed); err != nil {
			return gone, err
		}
		if gone += removed; removed > 0 {
			idle = 0
		}
		if after == 0 {
			break
		}
	}
	return gone, nil
}

// removePast is removeAged, once it is known what is past by order.
func removePast(ctx context.Context, db *pgxpool.Pool, table, name, number, of string, before time.Time) (gone int, err error) {
	rows, err := db.Query(ctx, samplesOf(table, name, number), of, orderSamples)
	if err != nil {
		return 0, err
	}
	past, err := pastOf(rows, before)
	if err != nil {
		return 0, err
	}
	return removeAged(ctx, db, table, name, number, of, past, before)
}
