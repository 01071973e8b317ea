// Package alarm decides what people of a publisher are told of what fails: once when it has
// lasted for a moment, and once when it is over; nothing in their quiet hours, and nothing
// again and again of what comes and goes. What fails, and how somebody is told, is known
// elsewhere.
package alarm
