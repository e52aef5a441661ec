package wire

import (
	"net/http"
	"strings"
	"time"
)

// Date returns the time at which a response was made, as its Date header tells; ok is false if it has none that can be read.
func Date(header http.Header) (t time.Time, ok bool) {
	value := Value(header, HeaderDate)
	if t, ok = fixedDate(value); ok {
		return t, true
	}
	t, err := http.ParseTime(value)
	return t, err == nil
}

// fixedDate reads http.TimeFormat, the form in which every server writes dates today, ten times as fast as http.ParseTime. Whatever is
// not exactly in this form is left to that.
func fixedDate(s string) (time.Time, bool) {
	const form = "Mon, 02 Jan 2006 15:04:05 GMT"
	if len(s) != len(form) || s[3:5] != ", " || s[7] != ' ' || s[11] != ' ' || s[16] != ' ' || s[19] != ':' || s[22] != ':' || s[25:] != " GMT" {
		return time.Time{}, false
	}
	weekday := strings.Index("SunMonTueWedThuFriSat", s[:3])
	month := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", s[8:11])
	day, century, year := twoDigits(s[5:]), twoDigits(s[12:]), twoDigits(s[14:])
	hour, minute, second := twoDigits(s[17:]), twoDigits(s[20:]), twoDigits(s[23:])
	if weekday < 0 || weekday%3 != 0 || month < 0 || month%3 != 0 || min(day, century, year, hour, minute, second) < 0 {
		return time.Time{}, false
	}
	t := time.Date(century*100+year, time.Month(month/3+1), day, hour, minute, second, 0, time.UTC)
	// Were a number out of its range, the next higher one would have been carried to.
	return t, t.Day() == day && hour < 24 && minute < 60 && second < 60
}

// twoDigits returns the number that s begins with, or -1.
func twoDigits(s string) int {
	tens, units := s[0]-'0', s[1]-'0'
	if tens > 9 || units > 9 {
		return -1
	}
	return int(tens)*10 + int(units)
}
