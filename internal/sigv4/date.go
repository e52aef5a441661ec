package sigv4

import "time"

// appendDate writes t, which is in UTC and in the years 0 to 9999, as timeLayout
// says: [time.Time.AppendFormat] parses the layout each time.
func appendDate(dst []byte, t time.Time) []byte {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	dst = appendTwoDigits(dst, year/100)
	dst = appendTwoDigits(dst, year%100)
	dst = appendTwoDigits(dst, int(month))
	dst = appendTwoDigits(dst, day)
	dst = append(dst, 'T')
	dst = appendTwoDigits(dst, hour)
	dst = appendTwoDigits(dst, minute)
	dst = appendTwoDigits(dst, second)
	return append(dst, 'Z')
}

func appendTwoDigits(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}
