package sealed

import (
	"bytes"
	"encoding/binary"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"keypull/store"
)

// FailSync has every sync of the slots fail with err; nil ends that.
func (r *Ring) FailSync(err error) {
	if err == nil {
		r.slots.sync = r.slots.file.Sync
		return
	}
	r.slots.sync = func() error { return err }
}

// OldDay seals as versions did that bound nothing to its place.
func (r *Ring) OldDay(at time.Time, plain []byte) ([]byte, error) {
	day := dayOf(at)
	if _, err := r.SealDay(at); err != nil {
		return nil, err
	}
	key, err := r.dayCipher(day)
	if err != nil {
		return nil, err
	}
	head := binary.BigEndian.AppendUint32([]byte{kindDay}, day)
	return key.seal(head, plain, bytes.Clone(head)), nil
}

// OldReader is OldDay for a reader's document.
func (r *Ring) OldReader(slot store.Slot, plain []byte) ([]byte, error) {
	p := placeOf(slot)
	key, err := r.slots.cipherOf(p)
	if err != nil {
		return nil, err
	}
	head := binary.BigEndian.AppendUint32([]byte{kindReader}, p.number)
	head = binary.BigEndian.AppendUint32(head, p.label)
	return key.seal(head, plain, bytes.Clone(head)), nil
}

// OldDays leaves one slot to each day, as versions did that wrote no second.
func (r *Ring) OldDays() error {
	for day, places := range r.days.slots {
		if err := r.slots.eraseKeys(places[1:]); err != nil {
			return err
		}
		r.days.slots[day] = places[:1]
	}
	return nil
}

// DropReady forgets the ciphers that are ready.
func (r *Ring) DropReady() {
	r.slots.cache.mu.Lock()
	defer r.slots.cache.mu.Unlock()
	clear(r.slots.cache.ready)
	clear(r.slots.cache.keys)
}

// MakeAlone makes a reader's key with a sync of its own, shared with whoever comes
// meanwhile.
func (r *Ring) MakeAlone() error {
	_, err := r.slots.createKey(nextGeneration, 1)
	return err
}

// SlowSync has every sync of the slots take so much longer.
func (r *Ring) SlowSync(by time.Duration) {
	r.slots.sync = func() error {
		time.Sleep(by)
		return r.slots.file.Sync()
	}
}

// SkipSync has no sync of the slots wait for the disk.
func (r *Ring) SkipSync() { r.slots.sync = func() error { return nil } }

// CountSyncs has the syncs of the slots counted from now on.
func (r *Ring) CountSyncs() func() int {
	var n atomic.Int64
	r.slots.sync = func() error {
		n.Add(1)
		return r.slots.file.Sync()
	}
	return func() int { return int(n.Load()) }
}

// OpenedBy returns how many slots of the file at path a key file opens, each by itself.
func OpenedBy(keyFile, slotFile string) (n int, err error) {
	key, err := readKeyFile(keyFile)
	if err != nil {
		return 0, err
	}
	all, err := deriveMasters(key)
	if err != nil {
		return 0, err
	}
	b, err := os.ReadFile(slotFile) //nolint:gosec // of a test
	if err != nil {
		return 0, err
	}
	var s slots
	for at := 0; at+slotBytes <= len(b); at += slotBytes {
		slot := b[at : at+slotBytes]
		for _, m := range all.all {
			_, wrapped := m.wrap.open(slot[labelBytes:], s.wrapContext(keySlot{uint32(at / slotBytes), labelOf(slot)}))
			_, head := m.wrap.open(slot[len(mark):], []byte(mark))
			if wrapped == nil || head == nil {
				n++
			}
		}
	}
	return n, nil
}

// PagesOpened returns how many of the wrapping keys beside a key file open a page.
func PagesOpened(tb testing.TB, keyFile string, page store.KeyPage) (n int) {
	tb.Helper()
	for _, k := range wrappingKeys(tb, keyFile) {
		for _, wrapper := range []string{k.id, page.Wrapper} {
			if _, err := k.aead.open(page.Sealed, pageContext(page.Number, wrapper)); err == nil {
				n++
				break
			}
		}
	}
	return n
}

// WrappingKeys returns how many wrapping keys stand in any sector of the file beside a key file.
func WrappingKeys(tb testing.TB, keyFile string) int {
	tb.Helper()
	return len(wrappingKeys(tb, keyFile))
}

func wrappingKeys(tb testing.TB, keyFile string) map[uint64]*wrappingKey {
	tb.Helper()
	b, err := os.ReadFile(WrappingOf(keyFile))
	if err != nil {
		tb.Fatal(err)
	}
	keys := map[uint64]*wrappingKey{}
	for sector := range slices.Chunk(b, sectorBytes) {
		k, err := parseWrapping(append(sector, make([]byte, sectorBytes-len(sector))...))
		if err != nil {
			tb.Fatal(err)
		}
		if k != nil {
			keys[k.number] = k
		}
	}
	return keys
}

// OnWrappingSync has f called before each sync of the wrapping keys.
func (r *Ring) OnWrappingSync(f func()) {
	w := r.slots.paged.wrapping
	w.sync = func() error {
		f()
		return w.file.Sync()
	}
}
