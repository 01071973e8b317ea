package standby

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/private"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
	"keypull/store/withdrawn"
)

const (
	// patience is how long one answer may take, again how long the primary is left alone after
	// it could not be asked.
	patience = 40 * time.Second
	again    = 500 * time.Millisecond
	// copyingSuffix ends the name of a copy that is not whole.
	copyingSuffix = ".copying"
)

// FollowerOptions say what is followed, and where to.
type FollowerOptions struct {
	// Of is the address of the primary.
	Of, Secret, Version string
	// StorePath and KeyPath are where the copy lies. The key file must be there.
	StorePath, KeyPath string
	Client             Client
	Clock              func() time.Time
	Logger             *slog.Logger
}

// Follower keeps a copy of a primary. Run and Close are for one goroutine; Progress for any.
type Follower struct {
	FollowerOptions
	pair    string
	hashKey []byte
	slots   *sealed.SlotCopy
	store   *bolt.Follower   // nil while there is no copy
	copying *private.Flushed // nil while none is being made
	session string
	turn    int

	mu       sync.Mutex
	state    State
	progress Progress
}

// Progress is how a standby is doing.
type Progress struct {
	State
	// Sequence is the last record that it has, Flushed the last that it knows of.
	Sequence, Flushed uint64
	// Connected: the last question was answered.
	Connected bool
	// Why is what failed last.
	Why words.Text
}

// OpenFollower opens what is there of a copy. The errors are sentences.
func OpenFollower(o FollowerOptions) (f *Follower, err error) {
	f = &Follower{FollowerOptions: o}
	if f.pair, f.hashKey, err = sealed.KeyNames(o.KeyPath); errors.Is(err, fs.ErrNotExist) {
		return nil, words.Fail(err, "standby.no_key", words.Args{"file": o.KeyPath})
	} else if err != nil {
		return nil, err //nolint:wrapcheck // it is a sentence
	}
	state, ok, err := ReadState(o.StorePath)
	if err != nil {
		return nil, err
	}
	_, missing := os.Stat(o.StorePath)
	switch {
	case !ok && missing == nil:
		return nil, words.Fail(store.ErrDamaged, "standby.other_store", words.Args{"store": o.StorePath})
	case ok && state.Promoted:
		return nil, words.Fail(store.ErrDamaged, "standby.promoted", nil)
	case !ok:
		state.Name = rand.Text()
	}
	state.Of = o.Of
	f.state = state
	if err := state.Write(o.StorePath); err != nil {
		return nil, err
	}
	if f.slots, err = sealed.CopySlots(o.KeyPath); err != nil {
		return nil, err //nolint:wrapcheck // it is a sentence
	}
	if missing == nil {
		err = f.openStore()
	}
	if errors.Is(err, store.ErrDamaged) {
		f.Logger.Warn("the copy of the store is damaged; it is made anew", "error", err)
		err = nil
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *Follower) openStore() (err error) {
	f.store, err = bolt.Follow(f.StorePath, store.Options{HashKey: f.hashKey, Clock: f.Clock, Logger: f.Logger, MinFree: -1})
	return err //nolint:wrapcheck // it is a sentence
}

// Close closes what is open.
func (f *Follower) Close() error {
	err := f.dropCopying()
	if f.store != nil {
		err = errors.Join(err, f.store.Close())
	}
	return errors.Join(err, f.slots.Close())
}

// dropCopying removes a copy that is not whole.
func (f *Follower) dropCopying() (err error) {
	if f.copying != nil {
		err = errors.Join(f.copying.Close(), os.Remove(f.copying.Name()))
		f.copying = nil
	}
	return err
}

// Progress returns how it is doing.
func (f *Follower) Progress() Progress {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.progress
	p.State = f.state
	return p
}

// Run follows until ctx ends. An error is one that a person has to mend: it is a sentence.
func (f *Follower) Run(ctx context.Context) error {
	for told := ""; ctx.Err() == nil; {
		err := f.ask(ctx)
		if f.noteAsked(err); err == nil {
			told = ""
			continue
		}
		f.session = ""
		var refused *refusedError
		if errors.As(err, &refused) && refused.forGood {
			return err
		}
		if err.Error() != told && ctx.Err() == nil {
			told = err.Error()
			f.Logger.WarnContext(ctx, "the primary is not followed at the moment; it is tried again", "of", f.Of, "error", err)
		}
		pull.Sleep(ctx, again)
	}
	return nil
}

func (f *Follower) noteAsked(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := &f.progress
	p.Connected, p.Why = err == nil, words.Text{}
	if err != nil {
		p.Why = words.Said(err)
	}
	if f.store != nil {
		p.Sequence = f.store.Position().Sequence
	}
}

// setState changes the state, durably where it matters.
func (f *Follower) setState(change func(*State)) error {
	f.mu.Lock()
	next := f.state
	change(&next)
	same := next == f.state
	f.state = next
	f.mu.Unlock()
	if same {
		return nil
	}
	return next.Write(f.StorePath)
}

// ask asks one question, and takes in what is answered.
func (f *Follower) ask(ctx context.Context) error {
	q := Question{Version: f.Version, Name: f.state.Name, Pair: f.pair, Epoch: f.state.Epoch, Session: f.session, Turn: f.turn}
	if f.store != nil {
		q.Whole, q.Position = true, f.store.Position()
	}
	if f.session == "" {
		sums, err := f.slots.Sums()
		if err != nil {
			return err //nolint:wrapcheck // it says what it is
		}
		q.Sums = sums
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	frames, err := Ask(ctx, f.Client, f.Of, f.Secret, &q)
	if err != nil {
		return f.judge(err)
	}
	var head Head
	if err := json.Unmarshal(frames[0].payload, &head); err != nil {
		return errFrame
	}
	if err := f.noteKey(head.Key); err != nil {
		return err
	}
	if f.session == "" {
		if err := f.begin(&head); err != nil {
			return err
		}
	}
	f.turn++
	return f.apply(&head, frames[1:])
}

// begin begins a session: until all slots are here again, the copy is behind.
func (f *Follower) begin(head *Head) error {
	f.session, f.turn = head.Session, 0
	err := errors.Join(f.dropCopying(), f.setState(func(s *State) { s.Behind, s.Epoch = true, head.Epoch }))
	if err == nil {
		err = f.slots.Cut(head.SlotBytes)
	}
	if err == nil && head.Copies {
		f.Logger.Info("the store of the primary is copied", "of", f.Of)
		var file *os.File
		if file, err = private.OpenFile(f.StorePath+copyingSuffix, os.O_RDWR|os.O_CREATE|os.O_TRUNC); err == nil {
			f.copying = &private.Flushed{File: file}
		}
	}
	return err //nolint:wrapcheck // it names the file
}

// noteKey notes which master key the primary has, and tells where it is not that of the key file here.
func (f *Follower) noteKey(key string) error {
	if key == f.state.Key {
		return nil
	}
	if err := checkKey(f.KeyPath, key); err != nil {
		f.Logger.Warn("this standby cannot take over with its key file", "error", err)
	}
	return f.setState(func(s *State) { s.Key = key })
}

// checkKey says in a sentence that a key file has another master key than the primary; one that is
// of no name is any.
func checkKey(path, key string) error {
	own, err := sealed.ReadKey(path)
	if err != nil {
		return err //nolint:wrapcheck // it is a sentence
	}
	id, err := sealed.KeyID(own)
	if err == nil && key != "" && id != key {
		err = words.Fail(store.ErrDamaged, "standby.renewed_key", words.Args{"file": path, "key": key})
	}
	return err //nolint:wrapcheck // it is a sentence
}

// judge tells apart what may pass.
func (f *Follower) judge(err error) error {
	var refused *refusedError
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Code {
	case codeSession:
	case codeEpoch:
		return f.forgetCopy()
	case codeAnother:
		return words.Fail(err, "standby.another", words.Args{"of": f.Of})
	case codeVersion:
		refused.forGood = true
		return words.Fail(err, "standby.version", words.Args{"own": f.Version, "version": refused.Version})
	case codePair:
		refused.forGood = true
		return words.Fail(err, "standby.pair", words.Args{"file": f.KeyPath})
	case codeSuperseded:
		refused.forGood = true
		return words.Fail(errors.Join(err, store.ErrDamaged), "standby.lower", words.Args{"of": f.Of, "epoch": fmt.Sprint(refused.Epoch)})
	}
	return err
}

// forgetCopy has the store copied anew.
func (f *Follower) forgetCopy() error {
	if f.store == nil {
		return f.setState(func(s *State) { s.Epoch = 0 })
	}
	err := f.store.Close()
	f.store = nil
	return errors.Join(err, f.setState(func(s *State) { s.Epoch, s.Whole = 0, false }))
}

// apply takes in what was answered: keys and what is withdrawn first, then records.
func (f *Follower) apply(head *Head, frames []Frame) error {
	var runs []bolt.LogRun
	pages, whole, copied := false, false, false
	for _, fr := range frames {
		var err error
		switch fr.kind {
		case copyFrame:
			err = f.keepCopy(fr.payload)
		case copiedFrame:
			copied = true
		case pageFrame:
			pages = true
			err = f.keepPage(fr.payload)
		case withdrawnFrame:
			err = f.keepWithdrawn(fr.payload)
		case wholeFrame:
			whole = true
		case recordsFrame:
			var run bolt.LogRun
			run, err = decodeRun(fr.payload)
			runs = append(runs, run)
		case anewFrame:
			return f.forgetCopy()
		default:
			err = errFrame
		}
		if err != nil {
			return err
		}
	}
	if pages {
		if err := f.slots.Sync(); err != nil {
			return err //nolint:wrapcheck // it names the file
		}
	}
	if copied {
		if err := f.placeCopy(); err != nil {
			return err
		}
	}
	if len(runs) > 0 {
		if err := f.applyRuns(runs); err != nil {
			return err
		}
	}
	f.mu.Lock()
	f.progress.Flushed = head.Flushed
	f.mu.Unlock()
	return f.noteTaken(head, whole)
}

func (f *Follower) applyRuns(runs []bolt.LogRun) error {
	if f.store == nil {
		return errFrame
	}
	err := f.store.Apply(runs)
	if errors.Is(err, bolt.ErrGone) {
		return errors.Join(err, f.forgetCopy())
	}
	return err //nolint:wrapcheck // it says what it is
}

// noteTaken notes that all is here, once it is; later moments stand in memory alone.
func (f *Follower) noteTaken(head *Head, whole bool) error {
	if whole {
		if err := f.setState(func(s *State) { s.Whole, s.Behind, s.Taken = true, false, head.Now }); err != nil {
			return err
		}
		f.Logger.Info("the standby has everything", "of", f.Of)
	}
	if f.store != nil && f.store.Position().Sequence >= head.Flushed {
		f.mu.Lock()
		f.state.Taken = head.Now
		f.mu.Unlock()
	}
	return nil
}

func (f *Follower) keepCopy(part []byte) error {
	if f.copying == nil {
		return errFrame
	}
	_, err := f.copying.Write(part)
	return err //nolint:wrapcheck // it names the file
}

// placeCopy puts a copy that is whole in the place of the store.
func (f *Follower) placeCopy() error {
	if f.copying == nil {
		return errFrame
	}
	err := errors.Join(f.copying.Sync(), f.copying.Close())
	if f.store != nil {
		err = errors.Join(err, f.store.Close())
		f.store = nil
	}
	if err == nil {
		err = errors.Join(os.Rename(f.copying.Name(), f.StorePath), private.SyncOf(f.StorePath))
	}
	f.copying = nil
	if err == nil {
		err = f.openStore()
	}
	return err
}

func (f *Follower) keepPage(b []byte) error {
	const number = 4
	if len(b) < number {
		return errFrame
	}
	return f.slots.Write(binary.BigEndian.Uint32(b), b[number:]) //nolint:wrapcheck // it says what it is
}

func (f *Follower) keepWithdrawn(b []byte) error {
	if len(b) == 0 {
		return errFrame
	}
	path := withdrawn.NameOf(f.StorePath)
	if b[0] == 1 {
		part, err := private.WriteBeside(path, func(w io.Writer) error { _, err := w.Write(b[1:]); return err })
		if err == nil {
			err = errors.Join(os.Rename(part, path), private.SyncOf(path))
		}
		return err //nolint:wrapcheck // it names the file
	}
	file, err := private.OpenFile(path, os.O_RDWR|os.O_APPEND)
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	_, err = file.Write(b[1:])
	return errors.Join(err, file.Sync(), file.Close())
}

// refusedError is a question that was refused.
type refusedError struct {
	Refusal
	forGood bool
}

func (e *refusedError) Error() string { return "standby: the primary refuses: " + e.Code }

// Client is how the other machine is reached.
type Client interface {
	Do(ctx context.Context, r outside.Request) (outside.Response, error)
}

// errMisdirected says that the question came to a node which may not pass it on.
var errMisdirected = errors.New("standby: another node may take it")

// Ask asks one question. IsSuperseded tells of the error whether the primary has met a higher epoch.
func Ask(ctx context.Context, client Client, of, secret string, q *Question) ([]Frame, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, err //nolint:wrapcheck // never
	}
	answer, err := client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: of + Root, Body: body, MaxBytes: mostAnswer, Single: true,
		Header: map[string]string{"Authorization": "Bearer " + secret, "Content-Type": "application/json"},
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what to do
	}
	switch answer.Status {
	case http.StatusOK:
		return readFrames(answer.Body)
	case http.StatusMisdirectedRequest:
		return nil, words.Fail(errMisdirected, "standby.status", words.Args{"of": of, "status": strconv.Itoa(answer.Status)})
	case http.StatusUnauthorized:
		return nil, words.Fail(nil, "standby.secret", words.Args{"of": of})
	case http.StatusNotFound:
		return nil, words.Fail(nil, "standby.no_primary", words.Args{"of": of})
	case http.StatusConflict, http.StatusGone:
		refused := new(refusedError)
		if err := json.Unmarshal(answer.Body, &refused.Refusal); err == nil && refused.Code != "" {
			return nil, refused
		}
	}
	return nil, words.Fail(nil, "standby.status", words.Args{"of": of, "status": strconv.Itoa(answer.Status)})
}

// IsSuperseded says that a primary refused since it has met a higher epoch.
func IsSuperseded(err error) bool {
	var refused *refusedError
	return errors.As(err, &refused) && refused.Code == codeSuperseded
}
