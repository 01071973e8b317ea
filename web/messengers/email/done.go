package email

import (
	"strconv"
	"strings"
	"sync"

	"github.com/emersion/go-imap/v2"
)

// done are letters that have been dealt with and are not marked as read yet.
type done struct {
	mu    sync.Mutex
	marks []string
	// news wakes whoever reads the mailbox.
	news chan struct{}
}

// mostDone is how many wait to be marked; what is beyond stays unread.
const mostDone = 10_000

// mark names a letter of the mailbox: its number, and that of the numbering.
func (m *mailboxView) mark(uid imap.UID) string {
	return strconv.FormatUint(uint64(m.validity), 10) + ":" + strconv.FormatUint(uint64(uid), 10)
}

// Done has a letter marked as read: its answer left, or is a dead letter.
func (r *reader) Done(mark string) {
	r.done.mu.Lock()
	defer r.done.mu.Unlock()
	if len(r.done.marks) < mostDone {
		r.done.marks = append(r.done.marks, mark)
	}
	select {
	case r.done.news <- struct{}{}:
	default:
	}
}

// markDone marks as read what has been dealt with. Numbers of another numbering
// are nobody's any more.
func (a *account) markDone(m *mailboxView) error {
	a.done.mu.Lock()
	marks := a.done.marks
	a.done.marks = nil
	a.done.mu.Unlock()
	var uids []imap.UID
	for _, mark := range marks {
		validity, number, _ := strings.Cut(mark, ":")
		uid, err := strconv.ParseUint(number, 10, 32)
		if err == nil && validity == strconv.FormatUint(uint64(m.validity), 10) {
			uids = append(uids, imap.UID(uid))
		}
	}
	err := m.seen(uids)
	if err != nil {
		a.done.mu.Lock()
		a.done.marks = append(marks, a.done.marks...)
		a.done.mu.Unlock()
	}
	return err
}
