# frozen_string_literal: true

require_relative 'guestbook'

run Guestbook.new(ENV.fetch('GUESTBOOK_DB', 'guestbook.db'))
