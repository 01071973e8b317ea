// Package moment reads when something is to be done out of a message: "sat 9:00",
// "um halb neun", "in 20 minutes", "明天9点", and what is left of the message
// without it. It knows no keywords: whether a message that names a moment orders
// anything is decided by who asks.
package moment
