package postgres

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"keypull/store"
	"keypull/store/internal/order"
)

// soughtID is the id of an entry as it is looked up, once for each partition of the same
// person; written it is as the first. Ids themselves are nowhere written.
type soughtID struct {
	scope  store.Scope
	words  []byte
	owners []ownedName
}

type ownedName struct{ name, person []byte }

// knownID is an id that was accepted.
type knownID struct {
	seq           uint64
	person, words string
	at            time.Time
}

type placedID struct {
	queue               string
	seq                 uint64
	name, person, words []byte
}

// hashEntry makes the keyed hashes of an entry's id.
func (s *Store) hashEntry(e *store.Entry) soughtID {
	id := soughtID{scope: e.Scope}
	if e.ID == "" {
		return id
	}
	id.words = s.hash("words", e.Words)[:8]
	for _, owner := range append([]string{e.Partition}, e.Aliases...) {
		name := s.hash("id", e.ID)
		if e.Scope == store.Own {
			name = s.hash("own", owner, e.ID)
		}
		id.owners = append(id.owners, ownedName{name, s.hash("person", owner)[:8]})
		if e.Scope == store.Whole {
			break
		}
	}
	return id
}

func (s *Store) hash(parts ...string) []byte {
	h := hmac.New(sha256.New, s.hashKey)
	_, _ = h.Write([]byte(strings.Join(parts, "\x00"))) // never fails
	return h.Sum(nil)[:16]
}

// lookIDs looks up what was accepted under names.
func (p *plan) lookIDs(b *pgx.Batch, queues []string, names [][]byte) {
	var place idPlace
	var name, person, words []byte
	var seq, at int64
	before := nanos(p.s.aging().Add(-p.s.horizon))
	b.Queue(`select n.queue, n.name, k.seq, k.person, k.words, k.at from (select distinct * from unnest($1::text[], $2::bytea[]) n(queue, name)) n
		cross join lateral (select seq, person, words, at from keypull_id k where k.queue = n.queue and k.name = n.name and k.at >= $3 order by seq limit 100) k`,
		queues, names, before).Query(func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&place.queue, &name, &seq, &person, &words, &at}, func() error {
			place.name = string(name)
			p.known[place] = append(p.known[place], knownID{uint64(seq), string(person), string(words), moment(at)}) //nolint:gosec // counted up from 0
			return nil
		})
		return err
	})
}

// findFirst returns the entry that another one repeats, or 0 if it repeats none; anew says
// that it has the id of another partition's.
func (p *plan) findFirst(queue string, id *soughtID, now time.Time) (seq uint64, anew bool) {
	reworded := uint64(0)
	for _, o := range id.owners {
		for _, k := range p.known[idPlace{queue, string(o.name)}] {
			mine := k.person == string(o.person)
			switch {
			case id.scope == store.Whole, mine && k.words == string(id.words):
				return k.seq, false
			case !mine:
				anew = true
			case now.Sub(k.at) < store.RewordedAfter:
				reworded = max(reworded, k.seq)
			}
		}
	}
	return reworded, anew && reworded == 0
}

func (p *plan) addID(queue string, id *soughtID, seq uint64) {
	if len(id.owners) == 0 {
		return
	}
	o := id.owners[0]
	place := idPlace{queue, string(o.name)}
	p.known[place] = append(p.known[place], knownID{seq, string(o.person), string(id.words), p.now})
	p.ids = append(p.ids, placedID{queue, seq, o.name, o.person, id.words})
}

func (p *plan) writeIDs(b *pgx.Batch) {
	n := len(p.ids)
	if n == 0 {
		return
	}
	queues, seqs, names, persons, words := make([]string, n), make([]int64, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	for i := range p.ids {
		d := &p.ids[i]
		queues[i], seqs[i], names[i], persons[i], words[i] = d.queue, int64(d.seq), d.name, d.person, d.words //nolint:gosec // counted up from 0
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
