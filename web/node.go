package web

import (
	"crypto/subtle"

	"github.com/gofiber/fiber/v2"
)

// NodeHeader is what a node shows with what it forwards to the one that works: the pass of that one. In
// an answer it says that nothing was done, since this node is not the one that was meant.
const NodeHeader = "Keypull-Node"

// isFromNode reports whether another node has forwarded what came with a pass.
func (a *App) isFromNode(pass string) bool {
	return a.Pass != "" && subtle.ConstantTimeCompare([]byte(pass), []byte(a.Pass)) == 1
}

// refuseMistaken turns away what was forwarded to a node that was at this address before.
func (a *App) refuseMistaken(c *fiber.Ctx) error {
	if pass := c.Get(NodeHeader); pass != "" && !a.isFromNode(pass) {
		c.Set(NodeHeader, "another")
		c.Response().SetConnectionClose()
		return c.SendStatus(fiber.StatusServiceUnavailable)
	} else if conn, ok := c.Context().Conn().(*trackedConn); ok && pass != "" {
		conn.ofNode.Store(true)
		if a.over.Err() != nil {
			c.Response().SetConnectionClose()
		}
	}
	return c.Next()
}
