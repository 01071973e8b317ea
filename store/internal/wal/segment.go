package wal

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Head is what a segment says of itself.
type Head struct {
	// Identity is that of the file that the log belongs to.
	Identity [16]byte
	// Generation counts the lives of that file; a log of a later one does not
	// continue it.
	Generation uint64
	// First is the sequence of the first record.
	First uint64
	// Backups are the generations of which a copy was made, the newest last.
	Backups []uint64
}

// MaxBackups is how many a head has room for.
const MaxBackups = 128

const (
	logSuffix   = ".wal."
	spareSuffix = ".wal.spare"
	begunSuffix = ".wal.begun"
	// formerSuffix is what earlier versions called it.
	formerSuffix = ".log."
	// A head stands twice in its page, so that a damaged byte costs nothing.
	headCopy = page / 2
	version  = 1
)

var magic = [8]byte{'k', 'p', 'w', 'a', 'l', '\r', '\n', version}

// encodeHead: magic, salt, identity, generation, first, backups, sum.
func encodeHead(h Head, salt uint32) []byte {
	b := append(make([]byte, 0, page), magic[:]...)
	b = binary.LittleEndian.AppendUint32(b, salt)
	b = append(b, h.Identity[:]...)
	b = binary.LittleEndian.AppendUint64(b, h.Generation)
	b = binary.LittleEndian.AppendUint64(b, h.First)
	backups := h.Backups[max(0, len(h.Backups)-MaxBackups):]
	b = binary.LittleEndian.AppendUint32(b, uint32(len(backups))) //nolint:gosec // at most MaxBackups
	for _, g := range backups {
		b = binary.LittleEndian.AppendUint64(b, g)
	}
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	out := make([]byte, page)
	copy(out, b)
	copy(out[headCopy:], b)
	return out
}

var errNoHead = errors.New("wal: it does not begin as a log does")

// decodeHead reads the copies of a head that are sound. Where they differ the later
// one counts: the other was written before it was known from where the segment goes on.
func decodeHead(b []byte) (h Head, salt uint32, err error) {
	err = errNoHead
	for _, at := range []int{0, headCopy} {
		if len(b) < at {
			break
		}
		if one, own, e := decodeHeadCopy(b[at:min(len(b), at+headCopy)]); e == nil && (err != nil || one.First > h.First || one.Generation > h.Generation) {
			h, salt, err = one, own, nil
		}
	}
	return h, salt, err
}

func decodeHeadCopy(b []byte) (h Head, salt uint32, err error) {
	const fixed = len(magic) + 4 + 16 + 8 + 8 + 4
	if len(b) < fixed || !bytes.Equal(b[:len(magic)], magic[:]) {
		return h, 0, errNoHead
	}
	rest := b[len(magic):]
	salt = binary.LittleEndian.Uint32(rest)
	h.Identity = [16]byte(rest[4:])
	h.Generation = binary.LittleEndian.Uint64(rest[20:])
	h.First = binary.LittleEndian.Uint64(rest[28:])
	count := int(binary.LittleEndian.Uint32(rest[36:]))
	end := fixed + 8*count
	if count > MaxBackups || len(b) < end+4 || binary.LittleEndian.Uint32(b[end:]) != crc32.Checksum(b[:end], castagnoli) {
		return Head{}, 0, errNoHead
	}
	for i := range count {
		h.Backups = append(h.Backups, binary.LittleEndian.Uint64(b[fixed+8*i:]))
	}
	return h, salt, nil
}

// newSalt returns a number that no other segment has.
func newSalt() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint32(b[:])
}

func segmentPath(prefix string, number uint64) string {
	return prefix + logSuffix + strconv.FormatUint(number, 10)
}

// numberOf returns the number of a segment, and false for another file.
func numberOf(prefix, suffix, path string) (uint64, bool) {
	digits, ok := strings.CutPrefix(filepath.Base(path), filepath.Base(prefix)+suffix)
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, ok && err == nil && digits == strconv.FormatUint(n, 10)
}

// segmentPaths returns the segments that are there, in their order.
func segmentPaths(prefix, suffix string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(prefix))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a log: %w", err)
	}
	var paths []string
	for _, e := range entries {
		path := filepath.Join(filepath.Dir(prefix), e.Name())
		if _, ok := numberOf(prefix, suffix, path); ok {
			paths = append(paths, path)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		x, _ := numberOf(prefix, suffix, a)
		y, _ := numberOf(prefix, suffix, b)
		if x < y {
			return -1
		}
		return 1
	})
	return paths, nil
}

func numberAfter(paths []string) uint64 {
	if len(paths) == 0 {
		return 1
	}
	last := paths[len(paths)-1]
	n, _ := strconv.ParseUint(last[strings.LastIndexByte(last, '.')+1:], 10, 64)
	return n + 1
}

// readHead reads the head of a file.
func readHead(path string) (h Head, salt uint32, err error) {
	f, err := os.Open(path) //nolint:gosec // beside the operator's store
	if err != nil {
		return h, 0, fmt.Errorf("read a log: %w", err)
	}
	defer func() { _ = f.Close() }()
	b := make([]byte, page)
	n, err := io.ReadFull(f, b)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return h, 0, fmt.Errorf("read a log: %w", err)
	}
	return decodeHead(b[:n])
}
