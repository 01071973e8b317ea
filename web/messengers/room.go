package messengers

import "sync/atomic"

// defaultRoom is what a messenger may hold where nobody says how much.
const defaultRoom = 8 << 20

// Room is memory that several messengers share for what they hold for readers
// who are away. A nil Room has a usual size, for one alone.
type Room struct{ bytes, taken atomic.Int64 }

// NewRoom returns a room of so many bytes.
func NewRoom(bytes int) *Room {
	r := &Room{}
	r.bytes.Store(int64(bytes))
	return r
}

// Take notes that so many bytes more are held, or fewer where it is negative.
func (r *Room) Take(bytes int) { r.taken.Add(int64(bytes)) }

// Full says that more is held than there is room for: whoever added something
// drops what is oldest.
func (r *Room) Full() bool { return r.taken.Load() > r.bytes.Load() }

// Taken returns how many bytes are held.
func (r *Room) Taken() int { return int(r.taken.Load()) }

// RoomFor returns the room that messengers share, else one of its own.
func (e Env) RoomFor() *Room {
	if e.Room != nil {
		return e.Room
	}
	return NewRoom(defaultRoom)
}
