// Package calendar is the source kind for dates: the events of an iCalendar
// file (RFC 5545), the hours at which an outlet is open, and the times that are
// free for an appointment. A time whose zone cannot be known is left out, never
// guessed; what recurs is laid out within a window, by a walk over its days
// that ends whatever the file says.
package calendar
