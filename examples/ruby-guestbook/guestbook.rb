# frozen_string_literal: true

require 'erb'
require 'rack'
require 'sqlite3'

# Shows what visitors wrote, the last first.
class Guestbook
  def initialize(path)
    @db = SQLite3::Database.new(path)
    @db.execute('CREATE TABLE IF NOT EXISTS entries (name TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL)')
    @page = ERB.new(File.read(File.join(__dir__, 'views', 'page.erb')))
  end

  def call(env)
    request = Rack::Request.new(env)
    case [request.request_method, request.path_info]
    in ['GET', '/health'] then [200, { 'content-type' => 'text/plain' }, ['ok']]
    in ['GET', '/'] then [200, { 'content-type' => 'text/html; charset=utf-8' }, [page]]
    in ['POST', '/'] then sign(request.params)
    else [404, {}, []]
    end
  end

  private

  def page
    entries = @db.execute('SELECT name, text FROM entries ORDER BY at DESC LIMIT 50')
    @page.result_with_hash(entries: entries.map { |row| row.map { |text| ERB::Util.html_escape(text) } })
  end

  def sign(params)
    name, text = params.values_at('name', 'text').map { |value| value.to_s.strip }
    return [400, {}, []] if name.empty? || text.empty?

    @db.execute('INSERT INTO entries VALUES (?, ?, ?)', [name, text, Time.now.to_i])
    [303, { 'location' => '/' }, []]
  end
end
