package standby

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
	"keypull/store/withdrawn"
)

// Root is where a standby asks.
const Root = "/standby"

const (
	// idle is how long an answer waits for something to tell.
	idle = time.Second
	// copyWait is how long the copy is waited for in one answer.
	copyWait = 20 * time.Second
	// lateAfter is how long a standby may be behind before that is told.
	lateAfter = time.Minute
	// followsWithin of its last question it is there.
	followsWithin = 5 * time.Second
	// awayAfter without a question ends a session, so that another standby may follow.
	awayAfter = 15 * time.Second
)

// Question is what a standby asks with.
type Question struct {
	Version string `json:"version"`
	Name    string `json:"name"`
	// Pair names the keys that the standby has.
	Pair  string `json:"pair"`
	Epoch uint64 `json:"epoch"`
	// Session is the one that is gone on with, Turn counts its questions; empty begins one.
	Session string `json:"session,omitempty"`
	Turn    int    `json:"turn"`
	// Whole: there is a copy, of the store of that identity, up to Position. Sums are those of
	// its slots; they are told where a session begins.
	Whole    bool             `json:"whole"`
	Position bolt.LogPosition `json:"position"`
	Sums     []byte           `json:"sums,omitempty"`
	// Wraps: asked for are the wrapping keys of keys in a database, and nothing else.
	Wraps bool `json:"wraps,omitempty"`
	// Command is a sealed command that is to be carried out, and nothing else.
	Command []byte `json:"command,omitempty"`
}

// Head begins each answer.
type Head struct {
	Session string `json:"session"`
	Epoch   uint64 `json:"epoch"`
	Version string `json:"version"`
	// Key names the master key; earlier versions do not.
	Key string `json:"key,omitempty"`
	// Copies: the store is copied first.
	Copies bool `json:"copies"`
	// SlotBytes is how long the file of slots is.
	SlotBytes int64 `json:"slot_bytes"`
	// Flushed is the last record of the log, at the moment Now.
	Flushed uint64    `json:"flushed"`
	Now     time.Time `json:"now"`
}

// Refusal is what a question is refused with.
type Refusal struct {
	Code    string `json:"code"`
	Epoch   uint64 `json:"epoch"`
	Version string `json:"version"`
}

// Codes of refusals.
const (
	codeSession    = "session"    // begin anew
	codeAnother    = "another"    // another standby follows
	codeVersion    = "version"    // it must have the same minor version, or the next
	codePair       = "pair"       // its key file is another installation's
	codeSuperseded = "superseded" // the primary has met a higher epoch
	codeClock      = "clock"      // its clock is off
	codeEpoch      = "epoch"      // the standby is of an earlier epoch, and has to begin anew
)

// Origin is a store whose log is followed.
type Origin interface {
	store.KV
	store.Backuper
	// Flushed returns the last record of the log that is durable, and what is closed once there is a later one.
	Flushed() (sequence uint64, changed <-chan struct{})
	// Held says that the log has what follows a position; else the error is bolt.ErrGone.
	Held(at bolt.LogPosition) error
	// ReadLog returns durable records behind a sequence and up to another, of about so many bytes;
	// bolt.ErrGone where the next one is not there any more.
	ReadLog(ctx context.Context, after, upTo uint64, most int) (bolt.LogRun, error)
	// DropLog says that who follows has all up to a sequence.
	DropLog(taken uint64) error
}

var _ Origin = (*bolt.DB)(nil)

// PrimaryOptions are what a standby is told.
type PrimaryOptions struct {
	Store     Origin
	Ring      *sealed.Ring
	Withdrawn *withdrawn.File
	Epoch     Epoch
	Version   string
	Secret    string
	// Wait is how long an ask waits for the standby to have it.
	Wait time.Duration
	// Superseded is called where somebody asks who has a higher epoch.
	Superseded func(by uint64)
	Clock      func() time.Time
	Logger     *slog.Logger
}

// Primary tells a standby what changes here. It is safe for concurrent use.
type Primary struct {
	PrimaryOptions
	ending context.Context
	end    context.CancelFunc

	answering sync.Mutex // one question at a time
	session   *session   // under answering

	mu     sync.Mutex
	health Health
	taken  chan struct{} // closed once health.Taken grows
}

// Health is how the standby has been doing.
type Health struct {
	// Whole: a standby follows, and has everything that it may be promoted with.
	Whole bool
	// Taken is the last record that it has, Flushed the last there is.
	Taken, Flushed uint64
	// CaughtUp is when it last had everything, or since when there might be one.
	CaughtUp time.Time
	// Met is when it asked last; zero where none did.
	Met time.Time
	// Alone counts the asks that were accepted without it; Away: they are, at once.
	Alone uint64
	Away  bool
}

// session is what one standby has been told.
type session struct {
	id, name  string
	turn      int
	slots     *sealed.SlotFeed
	withdrawn withdrawn.Place
	copy      *copyPipe
	whole     bool
	began     uint64 // the last record when the session began: up to it the standby catches up
	offered   uint64 // up to which everything was told
	last      time.Time
	pace      store.Pace // while it catches up
}

// NewPrimary returns a Primary, whose End has to be called.
func NewPrimary(o PrimaryOptions) *Primary {
	p := &Primary{PrimaryOptions: o, health: Health{CaughtUp: o.Clock()}, taken: make(chan struct{})}
	p.ending, p.end = context.WithCancel(context.Background())
	return p
}

// End ends every answer under way, and the copy.
func (p *Primary) End() {
	p.end()
	p.answering.Lock()
	defer p.answering.Unlock()
	p.endSession()
}

func (p *Primary) endSession() {
	if p.session != nil && p.session.copy != nil {
		p.session.copy.close()
	}
	p.session = nil
	p.note(func(h *Health) { h.Whole = false })
}

func (p *Primary) note(f func(*Health)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.health)
}

// Health returns how the standby has been doing.
func (p *Primary) Health() Health {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.health
	h.Flushed, _ = p.Store.Flushed()
	h.Whole = h.Whole && p.Clock().Sub(h.Met) < followsWithin
	return h
}

// Late says since when the standby is behind, or away, for too long; zero where it is not.
func (h Health) Late(now time.Time) time.Time {
	if since := h.CaughtUp.Add(lateAfter); now.After(since) {
		return since
	}
	return time.Time{}
}

// Lag returns for how long the standby has not had everything.
func (h Health) Lag(now time.Time) time.Duration {
	if h.Whole && h.Taken >= h.Flushed {
		return 0
	}
	return max(now.Sub(h.CaughtUp), 0)
}

// AwaitTaken returns once the standby has all that is durable now, or was waited for in vain: from
// then on nobody waits until it is back.
func (p *Primary) AwaitTaken(ctx context.Context, asks int) {
	if p.Wait <= 0 {
		return
	}
	flushed, _ := p.Store.Flushed()
	over := time.NewTimer(p.Wait)
	defer over.Stop()
	for {
		p.mu.Lock()
		has, away, changed := p.health.Taken >= flushed, p.health.Away, p.taken
		if away && !has {
			p.health.Alone += uint64(asks) //nolint:gosec // not negative
		}
		p.mu.Unlock()
		if has || away {
			return
		}
		select {
		case <-changed:
		case <-over.C:
			p.note(func(h *Health) { h.Away, h.Alone = true, h.Alone+uint64(asks) }) //nolint:gosec // not negative
			p.Logger.ErrorContext(ctx, "asks are accepted here alone: the standby does not have them, and would lose them", "waited", p.Wait.String())
			return
		case <-ctx.Done():
			return
		}
	}
}

// ServeHTTP answers one question.
func (p *Primary) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if q := readQuestion(w, r, p.Secret); q != nil {
		p.answer(w, r, q)
	}
}

// readQuestion reads what is asked by who has the secret; else it refuses, and returns nil.
func readQuestion(w http.ResponseWriter, r *http.Request, secret string) *Question {
	shown, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	q := new(Question)
	switch {
	case r.Method != http.MethodPost:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case subtle.ConstantTimeCompare([]byte(shown), []byte(secret)) != 1:
		w.WriteHeader(http.StatusUnauthorized)
	case json.NewDecoder(r.Body).Decode(q) != nil:
		w.WriteHeader(http.StatusBadRequest)
	default:
		return q
	}
	return nil
}

func (p *Primary) answer(w http.ResponseWriter, r *http.Request, q *Question) {
	if q.Epoch > p.Epoch.Number {
		p.Superseded(q.Epoch)
		p.refuse(w, http.StatusGone, codeSuperseded)
		return
	}
	p.answering.Lock()
	defer p.answering.Unlock()
	if p.ending.Err() != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if code := p.takeQuestion(q); code != "" {
		p.refuse(w, http.StatusConflict, code)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(p.ending, cancel)()
	s := p.session
	body, err := p.tell(ctx, q)
	if q.Position.Sequence < s.began {
		s.pace.Wait(ctx, len(body))
	}
	if err != nil {
		p.Logger.ErrorContext(ctx, "the standby could not be told what has changed", "error", err)
		p.endSession()
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(body)
}

func (p *Primary) refuse(w http.ResponseWriter, status int, code string) {
	writeRefusal(w, status, Refusal{Code: code, Epoch: p.Epoch.Number, Version: p.Version})
}

func writeRefusal(w http.ResponseWriter, status int, why Refusal) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(why)
}

// takeQuestion begins a session, or goes on with the one there is; it returns why not.
func (p *Primary) takeQuestion(q *Question) (code string) {
	s, now := p.session, time.Now()
	switch {
	case q.Session != "":
		if s == nil || s.id != q.Session || s.turn != q.Turn {
			return codeSession
		}
		s.turn, s.last = s.turn+1, now
		p.noteTaken(q)
		return ""
	case q.Pair != p.Ring.Pair():
		return codePair
	case !fits(p.Version, q.Version):
		return codeVersion
	case q.Whole && q.Epoch < p.Epoch.Number:
		return codeEpoch
	case s != nil && s.name != q.Name && now.Sub(s.last) < awayAfter:
		return codeAnother
	}
	p.endSession()
	slots, err := p.Ring.FollowSlots(q.Sums)
	if err != nil {
		p.Logger.Error("the keys could not be looked through for the standby", "error", err)
		return codeSession
	}
	began, _ := p.Store.Flushed()
	p.session = &session{id: rand.Text(), name: q.Name, turn: 1, slots: slots, began: began, last: now}
	if !q.Whole || p.Store.Held(q.Position) != nil {
		p.session.copy = p.newCopy()
	}
	return ""
}

// fits says that a standby has the same minor version as its primary, or the next.
func fits(primary, standby string) bool {
	a, b := cli.Release(primary), cli.Release(standby)
	return a[0] == b[0] && (a[1] == b[1] || a[1]+1 == b[1])
}

// noteTaken notes what the standby says that it has.
func (p *Primary) noteTaken(q *Question) {
	s := p.session
	if s.copy != nil {
		return
	}
	p.mu.Lock()
	h := &p.health
	dropped := h.Taken
	h.Taken, h.Met, h.Whole = q.Position.Sequence, p.Clock(), s.whole
	if s.whole && h.Taken >= s.offered {
		h.CaughtUp = h.Met
		if h.Away {
			h.Away = false
			p.Logger.Info("the standby is back, and has every ask")
		}
	}
	close(p.taken)
	p.taken = make(chan struct{})
	p.mu.Unlock()
	if q.Position.Sequence > dropped {
		if err := p.Store.DropLog(q.Position.Sequence); err != nil {
			p.Logger.Warn("a part of the log that the standby has could not be removed", "error", err)
		}
	}
}

// tell returns an answer.
func (p *Primary) tell(ctx context.Context, q *Question) ([]byte, error) {
	s := p.session
	if q.Session != "" && s.copy == nil {
		p.awaitNews(ctx, q.Position.Sequence)
	}
	// What was changed before these records were written comes before them.
	flushed, _ := p.Store.Flushed()
	head, err := json.Marshal(Head{Session: s.id, Epoch: p.Epoch.Number, Version: p.Version, Key: p.Ring.KeyID(), Copies: s.copy != nil,
		SlotBytes: s.slots.Size(), Flushed: flushed, Now: p.Clock()})
	if err != nil {
		return nil, err //nolint:wrapcheck // never
	}
	body := appendFrame(make([]byte, 0, 4<<10), headFrame, head)
	if q.Session == "" {
		return body, nil
	}
	if s.copy != nil {
		return p.tellCopy(ctx, body)
	}
	body, over, err := s.tellSlots(body)
	if err != nil || !over {
		return body, err
	}
	text, anew, place, err := p.Withdrawn.ReadFrom(s.withdrawn)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what it is
	}
	if len(text) > 0 || anew && !s.whole {
		body = appendFrame(body, withdrawnFrame, append([]byte{truth(anew)}, text...))
	}
	s.withdrawn = place
	if !s.whole {
		body = appendFrame(body, wholeFrame, nil)
		s.whole = true
		// A record by which the place in the log is known again.
		if _, err := p.Store.Put(ctx, "ready", nil, store.Any); err != nil {
			return nil, err //nolint:wrapcheck // it says what it is
		}
	}
	return p.tellRecords(ctx, body, q.Position.Sequence, flushed)
}

func truth(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// awaitNews waits until there is something to tell.
func (p *Primary) awaitNews(ctx context.Context, has uint64) {
	flushed, changed := p.Store.Flushed()
	if flushed > has || !p.session.whole {
		return
	}
	over := time.NewTimer(idle)
	defer over.Stop()
	select {
	case <-changed:
	case <-p.session.slots.Changed():
	case <-over.C:
	case <-ctx.Done():
	}
}

// tellSlots appends the pages of slots that have changed; over: these are all.
func (s *session) tellSlots(body []byte) (told []byte, over bool, err error) {
	for len(body) < answerBytes {
		page, content, err := s.slots.Next()
		if err != nil || content == nil {
			return body, err == nil, err
		}
		body = appendFrame(body, pageFrame, append(binary.BigEndian.AppendUint32(nil, page), content...))
	}
	return body, false, nil
}

// tellRecords appends what follows the standby's last record.
func (p *Primary) tellRecords(ctx context.Context, body []byte, after, flushed uint64) ([]byte, error) {
	s := p.session
	for after < flushed && len(body) < answerBytes {
		run, err := p.Store.ReadLog(ctx, after, flushed, answerBytes)
		if errors.Is(err, bolt.ErrGone) {
			p.endSession()
			return appendFrame(body, anewFrame, nil), nil
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // it says what it is
		}
		body, after = appendFrame(body, recordsFrame, encodeRun(run)), run.Last()
	}
	if s.offered = flushed; after < flushed {
		s.offered = ^uint64(0) // more follows
	}
	return body, nil
}

// copyPipe is a copy of the store under way.
type copyPipe struct {
	from *io.PipeReader
	end  context.CancelFunc
	done chan struct{}
}

// newCopy begins a copy, whose goroutine close ends.
func (p *Primary) newCopy() *copyPipe {
	from, to := io.Pipe()
	c := &copyPipe{from: from, done: make(chan struct{})}
	ctx, end := context.WithCancel(p.ending)
	c.end = end
	go func() {
		defer close(c.done)
		_, err := p.Store.Backup(ctx, to)
		to.CloseWithError(err)
	}()
	return c
}

func (c *copyPipe) close() {
	c.end()
	_ = c.from.Close() // it never fails
	<-c.done
}

// tellCopy appends a part of the copy.
func (p *Primary) tellCopy(ctx context.Context, body []byte) ([]byte, error) {
	s := p.session
	limit := time.AfterFunc(copyWait, func() { _ = s.copy.from.CloseWithError(context.DeadlineExceeded) })
	defer limit.Stop()
	defer context.AfterFunc(ctx, func() { _ = s.copy.from.CloseWithError(ctx.Err()) })()
	part := make([]byte, answerBytes)
	n, err := io.ReadFull(s.copy.from, part)
	if n > 0 {
		body = appendFrame(body, copyFrame, part[:n])
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		s.copy.close()
		s.copy = nil
		return appendFrame(body, copiedFrame, nil), nil
	case err != nil:
		return nil, err //nolint:wrapcheck // of the copy
	}
	return body, nil
}
