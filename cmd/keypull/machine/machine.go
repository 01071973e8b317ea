// Package machine is what keypull has to ask the system under it: what this
// process uses of it, which folder is the user's own, and, below systemd, to
// whom it says that it serves. Files of the store are the store's own business.
package machine
