package webchat

import "keypull/web/messengers"

var (
	_ messengers.Identifier = (*Chat)(nil)
	_ messengers.Forgetter  = (*Chat)(nil)
)

// Identify takes a session, which is all that a reader of a web chat is known
// by.
func (*Chat) Identify(typed string) (string, bool) { return typed, validSession(typed) }

// Forget drops what is kept for a session: later messages, those who wait for
// more of them, and its pace.
func (c *Chat) Forget(session string) {
	c.hub.forget(session)
	c.limiter.drop(session)
}
