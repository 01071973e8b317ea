// Package inflight marks what is being computed at this moment in a small file beside
// the store, so that it is known after the process has ended, whatever ended it. The
// file survives the process, not the machine: nothing in it is synced, and writing to
// it costs about a microsecond.
//
// What an end means for an ask is decided in package pipeline.
package inflight

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"runtime/debug"
	"sync"

	"keypull/pull/pipeline"
	"keypull/pull/private"
)

// Slots is how many asks are marked at most.
const Slots = 64

// The file is a magic, the ask that is resolved alone, and the slots. Each of these
// is a number with its checksum, so that one torn by the end reads as none.
const (
	magic     = "KPSLATE1"
	slotBytes = 16
	slots     = 1 + Slots
	fileSize  = len(magic) + slots*slotBytes
)

// Markers is the open file. It is safe for concurrent use.
type Markers struct {
	file, crash *os.File
	former      pipeline.Ending

	mu   sync.Mutex
	free []int
}

var _ pipeline.InFlight = (*Markers)(nil)

// Open reads what the last process left in the file at path, and wipes it. Another
// file marks nothing. From here on a report of what breaks this process down is written
// beside it.
func Open(path string) (*Markers, error) {
	file, err := private.OpenFile(path, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, fmt.Errorf("open the in-flight markers: %w", err)
	}
	m := &Markers{file: file}
	content := make([]byte, fileSize)
	if _, err := file.ReadAt(content, 0); err == nil {
		m.former = readMarkers(content)
	} else if !errors.Is(err, io.EOF) {
		return nil, errors.Join(fmt.Errorf("read the in-flight markers: %w", err), file.Close())
	}
	if err := m.openReport(path + ".crash"); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := m.wipe(); err != nil {
		return nil, errors.Join(err, file.Close(), m.crash.Close())
	}
	for i := range Slots {
		m.free = append(m.free, Slots-1-i)
	}
	return m, nil
}

// openReport reads what the runtime wrote when the last process broke down, and has
// it write there again.
func (m *Markers) openReport(path string) error {
	crash, err := private.OpenFile(path, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return fmt.Errorf("open the report of a crash: %w", err)
	}
	said, err := io.ReadAll(io.LimitReader(crash, maxReport))
	if err == nil {
		err = crash.Truncate(0)
	}
	if err == nil {
		_, err = crash.Seek(0, io.SeekStart)
	}
	if err == nil {
		err = debug.SetCrashOutput(crash, debug.CrashOptions{})
	}
	if err != nil {
		return errors.Join(fmt.Errorf("use the report of a crash: %w", err), crash.Close())
	}
	m.crash, m.former.Words = crash, crashText(string(said))
	return nil
}

// wipe marks nothing any more.
func (m *Markers) wipe() error {
	blank := make([]byte, fileSize)
	copy(blank, magic)
	if _, err := m.file.WriteAt(blank, 0); err != nil {
		return fmt.Errorf("wipe the in-flight markers: %w", err)
	}
	return nil
}

// readMarkers returns what a file marks.
func readMarkers(content []byte) (e pipeline.Ending) {
	if string(content[:len(magic)]) != magic {
		return e
	}
	e.Alone = readNumber(content[len(magic):])
	seen := map[uint64]bool{}
	for i := 1; i < slots; i++ {
		if ask := readNumber(content[len(magic)+i*slotBytes:]); ask != 0 && !seen[ask] {
			seen[ask] = true
			e.Asks = append(e.Asks, ask)
		}
	}
	return e
}

// readNumber returns a number, or 0 where its checksum is wrong.
func readNumber(b []byte) uint64 {
	if crc32.ChecksumIEEE(b[:8]) != binary.LittleEndian.Uint32(b[8:]) {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// setSlot puts an ask into a slot; 0 is none. Where the disk takes nothing, this end
// will not be counted: that costs nobody an answer.
func (m *Markers) setSlot(i int, ask uint64) {
	var b [slotBytes]byte
	binary.LittleEndian.PutUint64(b[:], ask)
	binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(b[:8]))
	_, _ = m.file.WriteAt(b[:], int64(len(magic)+i*slotBytes))
}

// Former returns what the last process was computing when it ended.
func (m *Markers) Former() pipeline.Ending { return m.former }

// Note marks that an ask is being computed, until over is called. Where
// all slots are taken, it is not.
func (m *Markers) Note(ask uint64) (over func()) {
	m.mu.Lock()
	if len(m.free) == 0 {
		m.mu.Unlock()
		return func() {}
	}
	i := m.free[len(m.free)-1]
	m.free = m.free[:len(m.free)-1]
	m.mu.Unlock()
	m.setSlot(1+i, ask)
	return func() {
		m.setSlot(1+i, 0)
		m.mu.Lock()
		m.free = append(m.free, i)
		m.mu.Unlock()
	}
}

// Alone marks which ask is resolved alone; 0 is none.
func (m *Markers) Alone(ask uint64) { m.setSlot(0, ask) }

// Close leaves nothing marked.
func (m *Markers) Close() error {
	err := errors.Join(m.wipe(), debug.SetCrashOutput(nil, debug.CrashOptions{}))
	if err := errors.Join(err, m.file.Close(), m.crash.Close()); err != nil {
		return fmt.Errorf("close the in-flight markers: %w", err)
	}
	return nil
}
