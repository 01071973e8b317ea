package webchat

import "keypull/web/messengers"

// Consent returns what readers are asked to agree to; "" where nothing is
// asked.
func (c *Chat) Consent() string { return c.settings.Consent }

var _ messengers.Consenting = (*Chat)(nil)
