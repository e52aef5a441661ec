// Package measure takes and keeps measurements: rounds in which the clients take turns, so that whatever else the machine
// does meets them all, and medians, which a disturbed round does not move.
package measure
