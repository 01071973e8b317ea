// Package outside is the only way out: one guarded HTTP client and dialer for
// sources and messengers alike. Every address is checked at the moment of
// dialling, whatever name or redirect led to it; size, time, redirects and
// decompression are limited; no proxy setting of the environment applies.
//
// It knows nothing of what is fetched: callers hand over a Request and get a
// Response, both plain values.
package outside
