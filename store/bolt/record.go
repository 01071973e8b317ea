package bolt

import (
	"encoding/binary"
	"time"

	"keypull/store"
	"keypull/store/internal/engine"
)

// encodeEntry: head, due, at, id, partition, payload.
func encodeEntry(e store.Entry) []byte {
	b := make([]byte, engine.HeadBytes, engine.HeadBytes+36+len(e.ID)+len(e.Partition)+len(e.Payload))
	b = engine.AppendTime(b, e.Due)
	b = engine.AppendTime(b, e.At)
	b = engine.AppendText(b, e.ID)
	b = engine.AppendText(b, e.Partition)
	return append(b, e.Payload...)
}

// decodeEntry returns an entry whose payload is a part of b.
func decodeEntry(seq uint64, b []byte) (store.Entry, error) {
	r := engine.Reader{Rest: b}
	e := store.Entry{Seq: seq, Due: r.Time(), At: r.Time(), ID: string(r.Text()), Partition: string(r.Text())}
	if r.Bad {
		return store.Entry{}, engine.ErrDamaged
	}
	e.Payload = r.Rest
	return e, nil
}

// encodeRecord: head, at, id, data. An id that is a number is one, behind a zero:
// no id is empty.
func encodeRecord(at time.Time, id string, data []byte) []byte {
	b := make([]byte, engine.HeadBytes, engine.HeadBytes+18+len(id)+len(data))
	b = engine.AppendTime(b, at)
	if n, ok := numberID(id); ok {
		b = binary.AppendUvarint(append(b, 0), n)
	} else {
		b = engine.AppendText(b, id)
	}
	return append(b, data...)
}

// decodeRecord returns a record whose data is a part of b.
func decodeRecord(position uint64, b []byte) (store.Record, error) {
	r := engine.Reader{Rest: b}
	rec := store.Record{Position: position, At: r.Time(), ID: string(r.Text())}
	if rec.ID == "" {
		rec.ID = textID(r.Uvarint())
	}
	if r.Bad {
		return store.Record{}, engine.ErrDamaged
	}
	rec.Data = r.Rest
	return rec, nil
}
