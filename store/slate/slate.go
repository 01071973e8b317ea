// Package slate keeps the small file beside the store in which stands what is
// being computed at this moment, so that it is known after the process has
// ended, whatever ended it. It survives the process, not the machine: nothing
// in it is synced, and writing to it costs about a microsecond.
//
// What an end means for an ask is decided in package pipeline.
package slate

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

// Slots is how many asks stand on a slate at most.
const Slots = 64

// The file is a mark, the ask that is resolved alone, and the slots. Each of
// these is a number with its sum, so that one torn by the end reads as none.
const (
	mark     = "KPSLATE1"
	cell     = 16
	cells    = 1 + Slots
	fileSize = len(mark) + cells*cell
)

// Slate is the open file. It is safe for concurrent use.
type Slate struct {
	file, crash *os.File
	former      pipeline.Ending

	mu   sync.Mutex
	free []int
}

var _ pipeline.Slate = (*Slate)(nil)

// Open reads what the last process left on the slate at a path, and wipes it. A
// file that is no slate is one on which nothing stands. From here on a report of
// what breaks this process down is written beside it.
func Open(path string) (*Slate, error) {
	file, err := private.OpenFile(path, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, fmt.Errorf("open the slate: %w", err)
	}
	s := &Slate{file: file}
	content := make([]byte, fileSize)
	if _, err := file.ReadAt(content, 0); err == nil {
		s.former = read(content)
	} else if !errors.Is(err, io.EOF) {
		return nil, errors.Join(fmt.Errorf("read the slate: %w", err), file.Close())
	}
	if err := s.report(path + ".crash"); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := s.wipe(); err != nil {
		return nil, errors.Join(err, file.Close(), s.crash.Close())
	}
	for i := range Slots {
		s.free = append(s.free, Slots-1-i)
	}
	return s, nil
}

// report reads what the runtime wrote when the last process broke down, and has
// it write there again.
func (s *Slate) report(path string) error {
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
	s.crash, s.former.Words = crash, words(string(said))
	return nil
}

// wipe leaves a slate on which nothing stands.
func (s *Slate) wipe() error {
	blank := make([]byte, fileSize)
	copy(blank, mark)
	if _, err := s.file.WriteAt(blank, 0); err != nil {
		return fmt.Errorf("wipe the slate: %w", err)
	}
	return nil
}

// read is what stands on a slate.
func read(content []byte) (e pipeline.Ending) {
	if string(content[:len(mark)]) != mark {
		return e
	}
	e.Alone = number(content[len(mark):])
	seen := map[uint64]bool{}
	for i := 1; i < cells; i++ {
		if ask := number(content[len(mark)+i*cell:]); ask != 0 && !seen[ask] {
			seen[ask] = true
			e.Asks = append(e.Asks, ask)
		}
	}
	return e
}

func number(b []byte) uint64 {
	if crc32.ChecksumIEEE(b[:8]) != binary.LittleEndian.Uint32(b[8:]) {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// write puts an ask into a cell; 0 is none. Where the disk takes nothing, this
// end will not be counted: that costs nobody an answer.
func (s *Slate) write(i int, ask uint64) {
	var b [cell]byte
	binary.LittleEndian.PutUint64(b[:], ask)
	binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(b[:8]))
	_, _ = s.file.WriteAt(b[:], int64(len(mark)+i*cell))
}

// Former is what the last process was computing when it ended.
func (s *Slate) Former() pipeline.Ending { return s.former }

// Note writes down that an ask is being computed, until over is called. Where
// the slate is full, it is not written down.
func (s *Slate) Note(ask uint64) (over func()) {
	s.mu.Lock()
	if len(s.free) == 0 {
		s.mu.Unlock()
		return func() {}
	}
	i := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	s.mu.Unlock()
	s.write(1+i, ask)
	return func() {
		s.write(1+i, 0)
		s.mu.Lock()
		s.free = append(s.free, i)
		s.mu.Unlock()
	}
}

// Alone writes down which ask is resolved alone; 0 is none.
func (s *Slate) Alone(ask uint64) { s.write(0, ask) }

// Close leaves a clean slate.
func (s *Slate) Close() error {
	err := errors.Join(s.wipe(), debug.SetCrashOutput(nil, debug.CrashOptions{}))
	if err := errors.Join(err, s.file.Close(), s.crash.Close()); err != nil {
		return fmt.Errorf("close the slate: %w", err)
	}
	return nil
}
