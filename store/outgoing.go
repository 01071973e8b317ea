package store

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
)

// How many records are read at a time, and for one page at most: those of all publishers
// stand in one log.
const (
	outgoingRead = 200
	outgoingScan = 50 * outgoingRead
)

// Outgoing returns up to limit messages of a publisher from a place on, and which ask
// caused each. A page may have fewer, or none, with More behind it. Since kept every
// record is there: a cause of later that is nowhere never was.
func (l *Ledger) Outgoing(ctx context.Context, publisher string, from pipeline.OutgoingPlace, limit int, kept time.Time) (pipeline.OutgoingPage, error) {
	a := outgoingAudit{ledger: l, publisher: publisher, kept: kept.Add(2 * LogDisorder)}
	page := pipeline.OutgoingPage{Next: from, More: true}
	for read := 0; read < outgoingScan && page.More && len(page.Messages) < limit; read += outgoingRead {
		if err := a.fillPage(ctx, &page, limit); err != nil {
			return page, err
		}
	}
	return page, a.setFates(ctx, page.Messages)
}

// outgoingAudit is what one page is looked at with.
type outgoingAudit struct {
	ledger    *Ledger
	publisher string
	kept      time.Time
	// since is the first ask of which, and of all behind it, a record is there; 0 as long
	// as nobody wanted to know.
	since uint64
}

// outgoingRecord is what is read of a record, or of what was left of one.
type outgoingRecord struct {
	pipeline.Record
	// Erased: its reader was, and it is a count alone.
	Erased bool `json:"erased,omitempty"`
}

func logOfPlace(p pipeline.OutgoingPlace) string {
	if p.Counted {
		return countsLog
	}
	return asksLog
}

// fillPage goes through some records and puts the messages among them on a page.
func (a *outgoingAudit) fillPage(ctx context.Context, page *pipeline.OutgoingPage, limit int) error {
	name := logOfPlace(page.Next)
	read := readOn
	if page.Next.Back {
		read = readBack
	}
	records, next, more, err := read(ctx, a.ledger.backend.Log(name), page.Next.Position)
	if err != nil {
		return backendError("look through messages", err)
	}
	for _, r := range records {
		m, ok, err := a.messageOf(ctx, name, r)
		if err != nil {
			return err
		}
		if ok {
			page.Messages = append(page.Messages, m)
		}
		if len(page.Messages) == limit {
			if page.Next.Position = r.Position; !page.Next.Back {
				page.Next.Position++
			}
			return nil
		}
	}
	page.Next.Position = next
	switch {
	case more:
	case page.Next.Counted:
		page.More = false
	case page.Next.Back:
		page.Next = pipeline.LastOutgoing()
		page.Next.Counted = true
	default:
		page.Next = pipeline.OutgoingPlace{Counted: true}
	}
	return nil
}

// readOn returns some records from a position on, where to go on, and whether there may
// be more.
func readOn(ctx context.Context, log Log, from uint64) (records []Record, next uint64, more bool, err error) {
	if records, err = log.Read(ctx, from, outgoingRead); err != nil || len(records) == 0 {
		return nil, from, false, err
	}
	return records, records[len(records)-1].Position + 1, len(records) == outgoingRead, nil
}

// readBack returns some records before a position, the last first, where to go on, and
// whether there may be more.
func readBack(ctx context.Context, log Log, before uint64) (records []Record, next uint64, more bool, err error) {
	if before == math.MaxUint64 {
		if before, err = firstOf(ctx, log, nil); err != nil {
			return nil, before, false, err
		}
	}
	oldest, err := log.Read(ctx, 0, 1)
	if err != nil || len(oldest) == 0 || oldest[0].Position >= before {
		return nil, before, false, err
	}
	next = max(oldest[0].Position, before-min(before, outgoingRead))
	if records, err = log.Read(ctx, next, outgoingRead); err != nil {
		return nil, before, false, err
	}
	records = slices.DeleteFunc(records, func(r Record) bool { return r.Position >= before })
	slices.Reverse(records)
	return records, next, next > oldest[0].Position, nil
}

// messageOf returns the message that a record tells of; false where there is none, or
// it is another publisher's.
func (a *outgoingAudit) messageOf(ctx context.Context, log string, r Record) (m pipeline.Outgoing, ok bool, err error) {
	of, ok, err := a.ledger.openOutgoing(log, r)
	if err != nil || !ok || of.Publisher != a.publisher {
		return m, false, err
	}
	bare := of.Erased || log == countsLog
	if bare && of.Trace.Outcome == journal.Silent || !bare && of.Reply == nil {
		return m, false, nil
	}
	if log == countsLog {
		if reduced, err := a.isReduced(ctx, r.ID); err != nil || !reduced {
			return m, false, err
		}
	}
	if m.Ask, err = strconv.ParseUint(r.ID, 16, 64); err != nil {
		return m, false, nil //nolint:nilerr // no ask has such a name
	}
	m.At, m.Channel, m.Kind, m.Cause = of.Trace.At, of.Trace.Channel, pull.EntryKind(of.Trace.Kind), of.Trace.Cause
	err = a.setCause(ctx, &m, &of.Trace, bare)
	return m, err == nil, err
}

// openOutgoing opens a record; false where nothing of it is kept or can be read.
func (l *Ledger) openOutgoing(log string, r Record) (of outgoingRecord, ok bool, err error) {
	plain, err := openRecord(l.sealer, log, r)
	if err != nil || plain == nil {
		return of, false, err
	}
	if plain[0] == '{' {
		err = json.Unmarshal(plain, &of)
	} else {
		of.Record, err = pipeline.DecodeRecord(plain)
	}
	if err != nil {
		l.logger.Warn("a record could not be read", "record", r.ID, "error", err)
		return of, false, nil
	}
	return of, true, nil
}

// isReduced reports whether the record of an ask is there, with nothing in it: what is
// told of it then is its count.
func (a *outgoingAudit) isReduced(ctx context.Context, id string) (bool, error) {
	record, err := a.ledger.log.Find(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && len(record.Data) == 0, backendError("read record", err)
}

// setCause says what caused a message, and whether it can have.
func (a *outgoingAudit) setCause(ctx context.Context, m *pipeline.Outgoing, t *journal.Trace, bare bool) (err error) {
	switch m.Kind {
	case pull.Asked:
		m.Cause, m.CauseKept = m.Ask, true
		return nil
	case pull.FormStep, pull.Later, pull.Owed, pull.LateAnswer, pull.Human, pull.Alarm:
	default:
		m.Orphan = true
		return nil
	}
	switch {
	case bare:
		m.Orphan = t.Uncaused
	case t.IsUncaused(m.Ask):
		m.Orphan = true
	default:
		m.CauseKept, m.Orphan, err = a.findCause(ctx, m.Cause)
	}
	return err
}

// findCause looks for what a message names as its cause: it is kept, or is none of this
// publisher's, or never was.
func (a *outgoingAudit) findCause(ctx context.Context, cause uint64) (kept, orphan bool, err error) {
	known := false
	for _, log := range []string{asksLog, countsLog} {
		record, err := a.ledger.backend.Log(log).Find(ctx, recordID(cause))
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return false, false, backendError("read record", err)
		}
		known = true
		if of, ok, err := a.ledger.openOutgoing(log, record); err != nil || ok {
			return ok, ok && of.Publisher != a.publisher, err
		}
	}
	if known {
		return false, false, nil
	}
	if a.since == 0 {
		if a.since, err = a.firstKept(ctx); err != nil {
			return false, false, err
		}
	}
	return false, cause > a.since, nil
}

// firstKept returns an ask of the time of which every record is kept: asks behind it came
// later, since their numbers grow.
func (a *outgoingAudit) firstKept(ctx context.Context) (uint64, error) {
	from, err := firstOf(ctx, a.ledger.log, func(r Record) bool {
		return r.At.Before(a.kept) && !r.At.Before(a.kept.Add(-longestLog))
	})
	if err != nil {
		return 0, err
	}
	records, err := a.ledger.log.Read(ctx, from, outgoingRead)
	if err != nil {
		return 0, backendError("read records", err)
	}
	for _, r := range records {
		of, ok, err := a.ledger.openOutgoing(asksLog, r)
		if err != nil {
			return 0, err
		}
		if id, failed := strconv.ParseUint(r.ID, 16, 64); ok && failed == nil && of.Trace.Kind == "" && !r.At.Before(a.kept) {
			return id, nil
		}
	}
	return math.MaxUint64, nil
}

// setFates says what became of messages: the usual end is not noted, so that what has none
// has left unless it waits.
func (a *outgoingAudit) setFates(ctx context.Context, messages []pipeline.Outgoing) error {
	open := map[uint64]*pipeline.Outgoing{}
	for i := range messages {
		m := &messages[i]
		sent, err := a.ledger.sends.Find(ctx, recordID(m.Ask))
		switch {
		case err == nil:
			m.Fate = pipeline.Fate(sent.Data)
		case errors.Is(err, ErrNotFound):
			m.Fate, open[m.Ask] = pipeline.Sent, m
		default:
			return backendError("read the end of an ask", err)
		}
	}
	queue, ok := a.ledger.backend.Queue(asksQueue).(Searcher)
	if !ok || len(open) == 0 {
		return nil
	}
	return backendError("look for asks", queue.Each(ctx, func(e Entry) {
		if m := open[e.Seq]; m != nil {
			m.Fate = ""
		}
	}))
}
