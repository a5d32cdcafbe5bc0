# Rails with Devise as it comes: its own form, its CSRF protection. Usage: devise_site.rb PORT DIR
require 'logger'
require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'action_view/railtie'
require 'sqlite3'
require 'devise'
require 'devise/orm/active_record'

FileUtils.mkdir_p("#{ARGV[1]}/config")
File.write("#{ARGV[1]}/config/routes.rb", <<~ROUTES)
  Rails.application.routes.draw do
    devise_for :users
    get '/home', to: 'home#show'
    root to: 'home#root'
  end
ROUTES
class Site < Rails::Application
  config.root = ARGV[1]
  config.eager_load = false
  config.secret_key_base = SecureRandom.hex(32)
  config.logger = Logger.new($stderr, level: Logger::ERROR)
  config.hosts.clear if config.respond_to?(:hosts)
  config.action_controller.allow_forgery_protection = true
end
ENV['DATABASE_URL'] = "sqlite3:#{ARGV[1]}/devise.db"
class ApplicationController < ActionController::Base
  protect_from_forgery with: :exception
end
class HomeController < ApplicationController
  before_action :authenticate_user!, except: :root
  def show = render(plain: 'Signed in. Sign out')
  def root = render(plain: 'welcome')
end
class User < ActiveRecord::Base
  devise :database_authenticatable, :rememberable
end
Devise.setup { |config| config.secret_key = SecureRandom.hex(32) }
Site.initialize!
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:users) { |t| t.string :email; t.string :encrypted_password; t.datetime :remember_created_at }
end
User.create!(email: ENV['SMOKE_MAIL'], password: ENV['SMOKE_PASSWORD'])
require 'rack/handler/puma'
Rack::Handler::Puma.run(Site, Host: '127.0.0.1', Port: ARGV[0].to_i, Silent: true)
