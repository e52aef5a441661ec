// Package wire knows how the service's REST protocol is written: the names of its headers, the paths of its operations, and the many
// shapes in which errors arrive. It reads what others wrote, so nothing here fails or panics on bad input.
package wire
