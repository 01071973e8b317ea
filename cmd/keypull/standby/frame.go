// Package standby keeps a second machine ready to take over. The standby asks the primary again and
// again for what has changed, and what it asks says what it has: a copy of the store first, the slots
// of keys and what is withdrawn, then the records of the log as they are appended, before each the
// slots that it needs. There is no other channel between the two.
//
// An answer is frames, of which none counts unless all of them are sound. Who is primary is decided by
// an epoch: it grows when a person promotes the standby, and who meets a higher one answers nobody.
package standby

import (
	"encoding/binary"
	"errors"
	"hash/crc32"

	"keypull/store/bolt"
)

// The kinds of frames.
const (
	headFrame      = 'h' // JSON: Head; the first of each answer
	copyFrame      = 'c' // bytes of the store's file, in their order
	copiedFrame    = 'C' // the file is whole
	pageFrame      = 's' // number of a page of slots, 4 bytes, and its content
	withdrawnFrame = 'w' // 1 where the file begins anew, else 0, and lines
	recordsFrame   = 'r' // salt, first sequence, then each record with its length
	wholeFrame     = 'a' // slots and what is withdrawn are as they were when the session began, or later
	wrappingFrame  = 'k' // what sealed.TakeWrapping takes
	commandFrame   = 'o' // what came of a command, sealed
	anewFrame      = 'n' // what follows is not there any more: the store has to be copied anew
)

// answerBytes is about how much an answer holds; a record may make it larger.
const answerBytes = 2 << 20

// mostAnswer is how large an answer may be.
const mostAnswer = 80 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errFrame = errors.New("standby: the answer is cut short, or damaged")

// appendFrame appends kind, length, payload and a sum over all of them.
func appendFrame(b []byte, kind byte, payload []byte) []byte {
	from := len(b)
	b = append(b, kind)
	b = binary.BigEndian.AppendUint32(b, uint32(len(payload))) //nolint:gosec // at most mostAnswer
	b = append(b, payload...)
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b[from:], castagnoli))
}

// Frame is one of an answer.
type Frame struct {
	kind    byte
	payload []byte
}

// readFrames takes an answer apart. Its last frame ends where it ends.
func readFrames(b []byte) (all []Frame, err error) {
	const around = 1 + 4 + 4
	for len(b) > 0 {
		if len(b) < around {
			return nil, errFrame
		}
		n := uint64(binary.BigEndian.Uint32(b[1:]))
		if uint64(len(b)) < n+around {
			return nil, errFrame
		}
		end := 5 + n
		if crc32.Checksum(b[:end], castagnoli) != binary.BigEndian.Uint32(b[end:]) {
			return nil, errFrame
		}
		all = append(all, Frame{b[0], b[5:end]})
		b = b[end+4:]
	}
	if len(all) == 0 || all[0].kind != headFrame {
		return nil, errFrame
	}
	return all, nil
}

func encodeRun(run bolt.LogRun) []byte {
	b := binary.BigEndian.AppendUint32(nil, run.Salt)
	b = binary.BigEndian.AppendUint64(b, run.First)
	for _, r := range run.Records {
		b = binary.AppendUvarint(b, uint64(len(r)))
		b = append(b, r...)
	}
	return b
}

func decodeRun(b []byte) (run bolt.LogRun, err error) {
	if len(b) < 12 {
		return run, errFrame
	}
	run.Salt, run.First = binary.BigEndian.Uint32(b), binary.BigEndian.Uint64(b[4:])
	for b = b[12:]; len(b) > 0; {
		n, used := binary.Uvarint(b)
		if used <= 0 || n > uint64(len(b)-used) { //nolint:gosec // not negative
			return run, errFrame
		}
		run.Records, b = append(run.Records, b[used:uint64(used)+n]), b[uint64(used)+n:]
	}
	if len(run.Records) == 0 {
		return run, errFrame
	}
	return run, nil
}
