package sealed

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"keypull/pull/private"
	"keypull/pull/words"
)

// Slot 0 is a mark and, sealed, whether the file belongs to a store.
const (
	mark       = "keypull slots 1\n"
	checkBytes = slotBytes - len(mark) - nonceBytes - tagBytes // what nonce and tag leave
)

// openSlots opens the file, and makes one if there is none and none is
// missed. found is called with every slot of a day.
func (r *Ring) openSlots(o Options) error {
	name := slotsOf(o.Path)
	flags := os.O_RDWR
	if o.Fresh {
		flags |= os.O_CREATE
	}
	f, err := private.OpenFile(name, flags)
	if errors.Is(err, fs.ErrNotExist) {
		return newLostError(name, words.Text{Key: "keys.missing", Args: words.Args{"file": name, "other": o.Path}})
	}
	if err != nil {
		return fmt.Errorf("open the key slots: %w", err)
	}
	r.slots = &slots{name: name, file: f, sync: f.Sync, lock: f, masters: &r.masters, cache: newCache(defaultKept)}
	r.slots.ahead.setGroup(o.Ahead)
	if err := r.loadSlots(o); err != nil {
		return errors.Join(err, r.slots.closePlaces())
	}
	return nil
}

func (r *Ring) loadSlots(o Options) error {
	s := r.slots
	if err := checkMode(s.lock); err != nil {
		return err
	}
	if err := lockFile(s.lock, o.lockTimeout()); err != nil {
		return err
	}
	if moved, err := isReplaced(s.lock); err != nil || moved {
		return errors.Join(err, words.Fail(ErrInUse, "keys.replaced", words.Args{"file": s.name}))
	}
	taken := false
	if o.Pages != nil {
		var err error
		if taken, err = r.openPages(o, s.lock); err != nil {
			return err
		}
	}
	size, err := s.bytes()
	if err != nil {
		return err
	}
	if size == 0 {
		if info, err := os.Stat(wrappingOf(o.Path)); o.Pages == nil && err == nil && info.Size() > 0 {
			return words.Fail(ErrLost, "keys.outside", words.Args{"file": s.name})
		}
		if !o.Fresh {
			return newLostError(s.name, words.Text{Key: "keys.empty", Args: words.Args{"file": s.name, "other": r.path}})
		}
		return s.writeHead(false)
	}
	if err := s.scanSlots(r.days.addSlots); err != nil {
		return err
	}
	if err := r.readHead(); err != nil {
		return err
	}
	if taken {
		if err := s.endTaking(); err != nil {
			return err
		}
		r.logger.Info("the key slots were taken over from their file", "file", s.name)
	}
	return r.mendDays()
}

// closePlaces closes where the slots lie, and the file of that name.
func (s *slots) closePlaces() error {
	if s.paged == nil {
		return s.lock.Close()
	}
	return errors.Join(s.paged.Close(), s.lock.Close())
}

// There says that the file of keys is the one that was opened: what is written
// into another one is gone with this process. The error is ErrLost.
func (r *Ring) There() error {
	moved, err := isReplaced(r.slots.lock)
	if err == nil && !moved {
		return nil
	}
	return newLostError(r.slots.name, words.Text{Key: "keys.gone", Args: words.Args{"file": r.slots.name}})
}

// Halved says that there is a key file without its slots: they are made first,
// so that somebody has taken them away.
func Halved(path string) bool {
	_, key := os.Stat(path)
	_, slots := os.Stat(slotsOf(path))
	return key == nil && errors.Is(slots, fs.ErrNotExist)
}

// Orphaned says, without opening anything, that there are keys which have sealed
// something, or were parted from what they sealed with.
func Orphaned(path string) bool {
	if Halved(path) {
		return true
	}
	info, err := os.Stat(slotsOf(path))
	return err == nil && info.Size() > slotBytes
}

// isReplaced says that the name leads to another file by now.
func isReplaced(f *os.File) (bool, error) {
	mine, err := f.Stat()
	if err != nil {
		return false, fmt.Errorf("look at %s: %w", f.Name(), err)
	}
	named, err := os.Stat(f.Name())
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at %s: %w", f.Name(), err)
	}
	return !os.SameFile(mine, named), nil
}

// readHead reads slot 0. Where it is damaged, and any other slot can be opened,
// it is written anew.
func (r *Ring) readHead() error {
	s := r.slots
	var first [slotBytes]byte
	if _, err := s.file.ReadAt(first[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the key slots: %w", err)
	}
	// Where a master key of before opens it, some slot may be wrapped by that one still.
	now := s.masters.now.Load()
	for i, m := range now.all {
		check, err := m.wrap.open(first[len(mark):], []byte(mark))
		if err == nil && string(first[:len(mark)]) == mark {
			r.paired = check[0] != 0
			s.masters.now.Store(&masters{all: now.all, head: i})
			return nil
		}
	}
	s.masters.now.Store(&masters{all: now.all, head: len(now.all) - 1})
	ours := false
	if err := s.eachSlot(func(p keySlot, b []byte) bool {
		if !isFree(b) {
			_, err := s.readKey(p)
			ours = err == nil
		}
		return !ours
	}); err != nil {
		return err
	}
	if !ours {
		return newLostError(s.name, words.Text{Key: "keys.strange", Args: words.Args{"file": s.name, "other": r.path}})
	}
	r.logger.Warn("the head of the key slots was damaged, and is written anew", "file", s.name)
	return s.writeHead(true)
}

// writeHead writes slot 0, wrapped by the key that it is wrapped by.
func (s *slots) writeHead(paired bool) error {
	s.count = max(s.count, 1)
	now := s.masters.now.Load()
	if err := s.writeChanges(headSlot(now.all[now.head], paired)); err != nil {
		return fmt.Errorf("begin the key slots: %w", err)
	}
	return private.SyncOf(s.name)
}

// headSlot returns slot 0 as a master key wraps it.
func headSlot(m *master, paired bool) (c slotChange) {
	check := make([]byte, checkBytes)
	if paired {
		check[0] = 1
	}
	copy(c.slot[:], m.wrap.seal([]byte(mark), check, []byte(mark)))
	return c
}

// Used says that these keys belong to a store, or have sealed something of one.
func (r *Ring) Used() bool {
	r.slots.mu.Lock()
	defer r.slots.mu.Unlock()
	return r.paired || r.slots.count > 1
}

// Belong notes that these keys belong to a store.
func (r *Ring) Belong() error {
	if r.paired {
		return nil
	}
	if err := r.slots.writeHead(true); err != nil {
		return err
	}
	r.paired = true
	return nil
}

func slotsOf(path string) string { return path + ".slots" }

// SlotsOf returns the file of slots beside a key file.
func SlotsOf(path string) string { return slotsOf(path) }

// newLostError returns an error with what can be done about it.
func newLostError(file string, what words.Text) error {
	return &lostFile{words.Failure{Text: words.Text{Key: "keys.lost", Args: words.Args{"what": what}}, Err: ErrLost}, file}
}

// lostFile is an ErrLost with the file that has to go before one can be made anew.
type lostFile struct {
	words.Failure
	file string
}

// lockWait is about as long as a store waits for its predecessor.
const lockWait = time.Second

func (o Options) lockTimeout() time.Duration {
	if o.Wait != 0 {
		return o.Wait
	}
	return lockWait
}
