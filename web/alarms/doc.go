// Package alarms tells people of publishers what fails, over a mailbox, a webhook, or a channel
// of the publisher itself: it looks at the one list of what fails, which the console has, has
// package alarm judge of it what each address is told, and brings that there. It keeps to what
// no reader is spared either: nothing is sent to an account that did not ask for it, and STOP
// ends it.
package alarms
